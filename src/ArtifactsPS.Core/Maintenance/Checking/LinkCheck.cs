using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>
/// Compares links with their sources. A source that was deleted is no problem. Catalogs are read at different times, while others add
/// and remove links, so that each suspicion is checked again in the order that writers keep.
/// </summary>
/// <param name="published">Reports sources that were never published.</param>
internal sealed class LinkCheck(IObjectStore store, PublishedVersionsCheck published, StoreProblems problems)
{
    /// <summary>Checks links, and marks of links that were not completed.</summary>
    /// <param name="states">States of all artifacts.</param>
    /// <param name="links">Live versions that link others, with the states of their collections.</param>
    public async Task CheckAsync(
        IReadOnlyCollection<CatalogState> states,
        IReadOnlyCollection<(CatalogState State, VersionRecord Record)> links,
        CancellationToken cancellationToken
    )
    {
        var sources = states.ToDictionary(state => state.Key);
        foreach (var (collection, link) in links)
            if (link.Link is { IsInSameStore: true } source)
                await CheckLinkAsync(collection, link, source, sources, cancellationToken).ConfigureAwait(false);
        foreach (var state in states)
            await CheckMarksAsync(state, cancellationToken).ConfigureAwait(false);
    }

    private async Task CheckLinkAsync(
        CatalogState collection,
        VersionRecord link,
        LinkSource source,
        Dictionary<ArtifactKey, CatalogState> states,
        CancellationToken cancellationToken
    )
    {
        var reference = ArtifactReference.To(collection.Name, link.Number).ToString();
        await published
            .CheckAsync(source.Artifact, source.Version, $"'{reference}' is a link to it", cancellationToken)
            .ConfigureAwait(false);
        if (
            !states.TryGetValue(source.Artifact, out var state)
            || await FindAsync(state, source.Version, cancellationToken).ConfigureAwait(false) is not { } record
        )
            return;
        var name = ArtifactReference.To(state.Name, source.Version).ToString();
        if (record.Digest != link.Digest)
            problems.Add(
                StoreProblemKind.LinkWrong,
                StoreLayout.LogFolder(collection.Key),
                $"'{reference}' is a link to '{name}', but has other content.",
                $"Remove it with Remove-ArtifactLink '{reference}', and link the right version."
            );
        else if (
            !IsMarked(state)
            && await IsStillUnmarkedAsync(collection.Key, link, source, cancellationToken).ConfigureAwait(false)
        )
            problems.Add(
                StoreProblemKind.LinkNotMarked,
                StoreLayout.LogFolder(state.Key),
                $"'{name}' is not protected from deletion, although '{reference}' is a link to it.",
                $"Run Add-ArtifactLink '{name}' '{collection.Name}', which protects it.",
                severity: ProblemSeverity.Warning
            );

        bool IsMarked(CatalogState marked) =>
            marked.LinkMarksOf(source.Version).Any(mark => mark.IsOf(collection.Key, storeId: null));
    }

    // A link is published after its mark, and deleted before its mark is removed.
    private async Task<bool> IsStillUnmarkedAsync(
        ArtifactKey collection,
        VersionRecord link,
        LinkSource source,
        CancellationToken cancellationToken
    )
    {
        if (!await IsLiveAsync().ConfigureAwait(false))
            return false;
        var state = await ReadAsync(source.Artifact, cancellationToken).ConfigureAwait(false);
        return state?.Contains(source.Version) == true
            && state.LinkMarksOf(source.Version).All(mark => !mark.IsOf(collection, storeId: null))
            && await IsLiveAsync().ConfigureAwait(false);

        async Task<bool> IsLiveAsync() =>
            (await ReadAsync(collection, cancellationToken).ConfigureAwait(false))?.Contains(link.Number) == true;
    }

    private async Task CheckMarksAsync(CatalogState state, CancellationToken cancellationToken)
    {
        var search = new LinkSearch(key => new Catalog(store, key));
        foreach (var number in state.Links.Versions.Where(state.Contains).ToList())
            try
            {
                var links = await search.FindAsync(state, number, cancellationToken).ConfigureAwait(false);
                var name = ArtifactReference.To(state.Name, number).ToString();
                foreach (var link in links.Where(link => link.Version is null))
                    problems.Add(
                        StoreProblemKind.LinkIncomplete,
                        StoreLayout.LogFolder(state.Key),
                        $"A link of '{name}' to '{link}' was begun: its command was interrupted, or is running.",
                        $"Run Add-ArtifactLink '{name}' '{link}' again, which completes it.",
                        severity: ProblemSeverity.Warning
                    );
            }
            catch (Exception e) when (e is ObjectCorruptException or LogIncompleteException)
            {
                // Damaged transactions are reported by themselves.
            }
    }

    // Null for a damaged catalog.
    private async Task<CatalogState?> ReadAsync(ArtifactKey artifact, CancellationToken cancellationToken)
    {
        try
        {
            return await new Catalog(store, artifact).ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectCorruptException or LogIncompleteException)
        {
            return null;
        }
    }

    private static async Task<VersionRecord?> FindAsync(
        CatalogState state,
        int number,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await state.FindAsync(number, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (RecordFault.Is(e))
        {
            return null;
        }
    }
}
