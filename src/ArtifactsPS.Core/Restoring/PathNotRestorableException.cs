using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>An entry that can't be written to where it would go. Nothing was written yet.</summary>
public sealed class PathNotRestorableException(string path, string destination, string fault, string wayOut)
    : ArtifactsException($"'{path}' can't be restored to '{destination}': {fault}. {wayOut}", path)
{
    public override string ErrorId => "PathNotRestorable";

    public override ErrorKind Kind => ErrorKind.WriteError;
}
