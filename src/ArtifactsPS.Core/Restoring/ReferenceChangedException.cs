using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>What a reference points to is not what it was when the reference was added.</summary>
public sealed class ReferenceChangedException(string path, string uri, string fault)
    : ArtifactsException(
        $"'{path}' refers to '{uri}', {fault}. Put the original back there, or add the reference again and publish.",
        path
    )
{
    public override string ErrorId => "ReferenceChanged";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}

/// <summary>The content of a reference that leads to no file was asked for.</summary>
public sealed class ReferenceNotReadableException(string path, string uri)
    : ArtifactsException(
        $"'{path}' refers to '{uri}': its content isn't in the store, and only what file: URIs lead to can be read.",
        path
    )
{
    public override string ErrorId => "ReferenceNotReadable";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}
