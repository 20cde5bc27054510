namespace ArtifactsPS.Folders;

/// <summary>What a reference points to is not what it was when the reference was added.</summary>
public sealed class ReferenceChangedException(string path, string uri, string fault)
    : ArtifactsException(
        $"'{path}' refers to '{uri}', {fault}. Put the original back there, or add the reference again and publish.",
        path
    );
