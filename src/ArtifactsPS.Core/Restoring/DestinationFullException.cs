using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>The disk of the destination is full.</summary>
public sealed class DestinationFullException(string destination, Exception inner)
    : ArtifactsException(
        $"The disk of '{destination}' is full. Free space and run the command again; it continues with the missing files.",
        destination,
        inner
    )
{
    public override string ErrorId => "DestinationFull";

    public override ErrorKind Kind => ErrorKind.WriteError;
}
