using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>The target of a reference has changed since the reference was added.</summary>
public sealed class ReferenceChangedException(string path, string uri, string fault)
    : ArtifactsException(
        $"'{path}' refers to '{uri}', {fault}. Restore the original file, or add the reference again and publish.",
        path
    )
{
    public override string ErrorId => "ReferenceChanged";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}

/// <summary>The target of the reference is not a file, so its content is not available.</summary>
public sealed class ReferenceNotReadableException(string path, string uri)
    : ArtifactsException(
        $"'{path}' refers to '{uri}', whose content is not in the store. Only targets of file: URIs can be read.",
        path
    )
{
    public override string ErrorId => "ReferenceNotReadable";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}
