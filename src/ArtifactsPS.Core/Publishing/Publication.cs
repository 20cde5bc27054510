using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Publishing;

/// <summary>Everything about a version to publish except its content.</summary>
public sealed record Publication
{
    /// <summary>Name of the artifact.</summary>
    public required ArtifactName Name { get; init; }

    public required TypeName Type { get; init; }

    public string? Description { get; init; }

    public JObject? Metadata { get; init; }

    public IReadOnlyList<TagName> Tags { get; init; } = [];

    /// <summary>Aliases to move to the version, besides <c>latest</c>.</summary>
    public IReadOnlyList<AliasName> Aliases { get; init; } = [];

    /// <summary>Where all of <see cref="Aliases"/> must be at the time of the transaction; null for anywhere.</summary>
    public AliasExpectation? Expected { get; init; }

    /// <summary>Whether <c>latest</c> stays where it is if a live version has the content already.</summary>
    public bool KeepsLatest { get; init; }

    /// <summary>Id of the run that commits the version; null for none.</summary>
    public RunId? RunId { get; init; }

    /// <summary>Ids of the runs whose output the version is recorded as.</summary>
    public IReadOnlyList<RunId> ProducedBy { get; init; } = [];

    /// <summary>Versions, by number, whose entries the content has; see <see cref="Catalogs.VersionRecord.Sources"/>.</summary>
    public IReadOnlyList<ArtifactReference> Sources { get; init; } = [];

    /// <summary>Id of the seal that the version completes; null for none. A live version with this id was published from the
    /// same seal before, perhaps by a process that was killed: it is returned, and only the given aliases are moved.</summary>
    public string? SealId { get; init; }

    /// <summary>The version that this one links; null for none. Only a version with the same link has the same content.</summary>
    public LinkSource? Link { get; init; }

    /// <summary>Whether a live version with the same entries makes a new one unnecessary. A version whose content is in another
    /// store does not: content that is published here stays here.</summary>
    internal bool CanReuse(VersionRecord version) =>
        version.StoredRoot is not null && (Link is null || Link.IsSame(version.Link));
}
