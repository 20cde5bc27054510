using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>A store is not cleaned up, because the needed objects are unknown.</summary>
public sealed class StoreDamagedException(string location, int problems, string first)
    : ArtifactsException(
        $"The artifact store '{location}' was not cleaned up: it has {problems} problems. The first one: {first} No needed "
            + "object was deleted. Run Test-ArtifactStore for all problems and their remedies.",
        location
    )
{
    public override string ErrorId => "StoreDamaged";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}

/// <summary>Reading the needed objects takes longer than other writers can wait.</summary>
public sealed class CleanupTooSlowException(string location)
    : ArtifactsException(
        $"Reading the transactions of the artifact store '{location}' takes longer than other writers can wait. No more "
            + "objects were deleted. Run the command again when the store is less busy.",
        location
    )
{
    public override string ErrorId => "CleanupTooSlow";

    public override ErrorKind Kind => ErrorKind.ResourceBusy;
}
