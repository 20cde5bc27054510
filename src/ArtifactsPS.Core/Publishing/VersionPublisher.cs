using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Publishing;

/// <summary>What is to become a version.</summary>
public sealed record Publication
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    /// <summary>The tree of its entries; its pages may be in memory only until it is prepared.</summary>
    public required PageReference Root { get; init; }

    public string? Description { get; init; }

    public JObject? Metadata { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>To be moved to the version, besides <c>latest</c>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether <c>latest</c> stays where it is if a live version has the content already.</summary>
    public bool KeepsLatest { get; init; }

    /// <summary>The run that makes it.</summary>
    public string? RunId { get; init; }

    /// <summary>The seal that it completes. A version that bears it was published from it already, perhaps by a process
    /// that was killed then: it is found, and nothing but the aliases asked for is moved.</summary>
    public string? SealId { get; init; }
}

/// <summary>Makes a tree of entries a version of its artifact, in one transaction; equal content makes none.</summary>
internal static class VersionPublisher
{
    /// <param name="store">The store.</param>
    /// <param name="publication">What to publish.</param>
    /// <param name="prepare">Called, perhaps more than once, before a transaction that adds a version: makes sure that all
    /// the version needs is in the store.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The new version, or the live one that has the same content.</returns>
    /// <exception cref="ArtifactTypeMismatchException">The artifact is of another type.</exception>
    public static async Task<PublishedVersion> PublishAsync(
        VersionStore store,
        Publication publication,
        Func<CatalogState, Task> prepare,
        CancellationToken cancellationToken
    )
    {
        var aliases = publication.Aliases.Select(Names.CheckAlias).Distinct(Names.Comparer).ToList();
        var tags = publication.Tags.Select(Names.CheckTag).Distinct(Names.Comparer).ToList();
        var digest = publication.Root.Digest;
        var deduplicated = false;
        var state = await store
            .OpenCatalog(publication.Name)
            .CommitAsync(
                async current =>
                {
                    if (current.Type is { } type && !Names.Comparer.Equals(type, publication.Type))
                        throw new ArtifactTypeMismatchException(current.Name, type, publication.Type);
                    var existing = current.Find(digest);
                    var isDone = existing?.SealId is { } id && id == publication.SealId;
                    deduplicated = existing is not null && !isDone;
                    if (existing is not null)
                        return Reuse(
                            current,
                            existing,
                            isDone || publication.KeepsLatest ? aliases : [Names.Latest, .. aliases],
                            tags
                        );
                    await prepare(current).ConfigureAwait(false);
                    return Publish(NewRecord(publication, tags, current.NextVersion), aliases);
                },
                publication.RunId,
                cancellationToken
            )
            .ConfigureAwait(false);
        return new PublishedVersion(store, state, state.Find(digest)!) { Deduplicated = deduplicated };
    }

    private static VersionRecord NewRecord(Publication publication, IReadOnlyList<string> tags, int number) =>
        new()
        {
            Number = number,
            Type = publication.Type,
            Root = publication.Root,
            CreatedAt = Timestamp.Now(),
            CreatedBy = Author.Current,
            Description = publication.Description,
            Metadata = publication.Metadata,
            Tags = tags,
            RunId = publication.RunId,
            SealId = publication.SealId,
        };

    private static List<CatalogAction> Publish(VersionRecord record, IReadOnlyList<string> aliases)
    {
        var actions = new List<CatalogAction> { new PublishAction(record) };
        actions.AddRange(
            aliases
                .Where(alias => !Names.Comparer.Equals(alias, Names.Latest))
                .Select(alias => new SetAliasAction(alias, record.Number))
        );
        return actions;
    }

    private static List<CatalogAction> Reuse(
        CatalogState state,
        VersionRecord existing,
        IReadOnlyList<string> aliases,
        IReadOnlyList<string> tags
    )
    {
        var actions = new List<CatalogAction>();
        foreach (var alias in aliases.Distinct(Names.Comparer))
            if (!state.Aliases.TryGetValue(alias, out var number) || number != existing.Number)
                actions.Add(new SetAliasAction(alias, existing.Number));
        var added = tags.Where(tag => !existing.Tags.Contains(tag, Names.Comparer)).ToList();
        if (added.Count > 0)
            actions.Add(new EditAction(existing.Number) { AddTags = added });
        return actions;
    }
}

/// <summary>An artifact has one type, and it is another.</summary>
public sealed class ArtifactTypeMismatchException(string name, string actual, string given)
    : ArtifactsException(
        $"'{name}' is of type '{actual}', not '{given}'. Give -Type '{actual}', or publish under another name.",
        name
    )
{
    public override string ErrorId => "ArtifactTypeMismatch";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
