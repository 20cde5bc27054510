using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Distributed;

/// <summary>A contribution, or its removal, came after the version was sealed.</summary>
public sealed class DistributedArtifactLockedException : ArtifactsException
{
    public DistributedArtifactLockedException(ArtifactName name, DistributedId id, string why)
        : this(
            id,
            $"'{name}' accepts no more contributions under '{id}': {why}. This contribution was not added. "
                + "Contribute under another distributed id, or publish a new version."
        ) { }

    private DistributedArtifactLockedException(DistributedId id, string message)
        : base(message, id.ToString()) { }

    /// <summary>Creates the exception for contributions that can't be discarded.</summary>
    /// <param name="version">Number of the published version; null if it is only sealed.</param>
    /// <param name="sealedBy">Author of the seal; null if that is not known.</param>
    internal static DistributedArtifactLockedException NotAbandoned(
        ArtifactName name,
        DistributedId id,
        int? version,
        string? sealedBy
    ) =>
        new(
            id,
            version is { } number
                ? $"The contributions to '{name}' under '{id}' were completed as {ArtifactReference.To(name, number)}, so there is "
                    + $"nothing to discard. Remove-Artifact {ArtifactReference.To(name, number)} removes the version."
                : $"The contributions to '{name}' under '{id}' were sealed by {sealedBy}. Complete-DistributedArtifact publishes "
                    + "them, and Remove-DistributedArtifact -Force discards them."
        );

    public override string ErrorId => "DistributedArtifactLocked";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}

/// <summary>Two writers contributed different content for one path.</summary>
public sealed class DistributedConflictException(
    ArtifactName name,
    DistributedId id,
    string path,
    string first,
    string second
)
    : ArtifactsException(
        $"'{path}' of '{name}' was contributed with different content by '{first}' and by '{second}' (distributed id '{id}'). "
            + "Nothing was sealed. Contribute the path again with equal content, or complete with "
            + "-ConflictAction FirstWins or LastWins.",
        path
    )
{
    public override string ErrorId => "DistributedConflict";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}

/// <summary>A contribution has another base version than those before it.</summary>
public sealed class DistributedBaseMismatchException(ArtifactName name, DistributedId id, string given, string expected)
    : ArtifactsException(
        $"The contribution to '{name}' under '{id}' is based on {given}, but earlier ones are based on {expected}. "
            + "All contributions to one version need the same base version, or none.",
        id.ToString()
    )
{
    public override string ErrorId => "DistributedBaseMismatch";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}

/// <summary>There are no contributions under a distributed id.</summary>
public sealed class DistributedArtifactNotFoundException(ArtifactName name, string id, string store)
    : ArtifactsException(
        $"There are no contributions to '{name}' under '{id}' in the store '{store}'. "
            + "Get-DistributedArtifact lists the open ids; Set-DistributedArtifact contributes.",
        id
    )
{
    public override string ErrorId => "DistributedArtifactNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}
