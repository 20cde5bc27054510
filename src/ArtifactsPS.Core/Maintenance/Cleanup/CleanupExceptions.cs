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

/// <summary>A store is not cleaned up, because most of its objects seem unneeded, and no removed version explains it.</summary>
/// <param name="unneeded">Total length in bytes of the objects that nothing needs.</param>
/// <param name="all">Total length in bytes of all objects.</param>
public sealed class CleanupRefusedException(string location, long unneeded, long all, bool hasArtifacts)
    : ArtifactsException(
        $"The artifact store '{location}' was not cleaned up: nothing needs {unneeded} of its {all} bytes, and "
            + (hasArtifacts ? "no version was removed. " : "it has no artifacts. ")
            + "Records may be missing: check with Test-ArtifactStore. If the content is really not needed, use -Force.",
        location
    )
{
    public override string ErrorId => "CleanupRefused";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}
