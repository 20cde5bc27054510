using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>There is no room left where a version is restored to.</summary>
public sealed class DestinationFullException(string destination, Exception inner)
    : ArtifactsException(
        $"There is no room left at '{destination}'. Free some and run the command again; what is restored already is left as it is.",
        destination,
        inner
    )
{
    public override string ErrorId => "DestinationFull";

    public override ErrorKind Kind => ErrorKind.WriteError;
}
