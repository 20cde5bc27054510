using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>The entry can't be written to the destination.</summary>
public sealed class PathNotRestorableException(string path, string destination, string fault, string advice)
    : ArtifactsException($"'{path}' can't be restored to '{destination}': {fault}. {advice}", path)
{
    public override string ErrorId => "PathNotRestorable";

    public override ErrorKind Kind => ErrorKind.WriteError;
}
