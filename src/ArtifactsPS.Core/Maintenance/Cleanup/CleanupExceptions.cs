using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>A store isn't cleaned up, since it isn't known what is needed.</summary>
public sealed class StoreDamagedException(string location, int problems, string first)
    : ArtifactsException(
        $"The artifact store '{location}' is not cleaned up: it has {problems} problems, the first of which is: {first} "
            + "Nothing was deleted that could be needed. Test-ArtifactStore tells of all, and what to do.",
        location
    )
{
    public override string ErrorId => "StoreDamaged";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}

/// <summary>Reading what is needed takes longer than others can be kept waiting.</summary>
public sealed class CleanupTooSlowException(string location)
    : ArtifactsException(
        $"Reading the transactions of the artifact store '{location}' takes so long that those who publish can't be kept "
            + "waiting for it. Nothing more was deleted; run the command again when the store has less to do.",
        location
    )
{
    public override string ErrorId => "CleanupTooSlow";

    public override ErrorKind Kind => ErrorKind.ResourceBusy;
}
