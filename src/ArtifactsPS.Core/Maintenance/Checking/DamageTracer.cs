using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Finds the pages and files that a missing or damaged object affects.</summary>
/// <param name="graph">All trees of the store.</param>
/// <param name="progress">Counts objects that are read as a whole, and their bytes.</param>
internal sealed class DamageTracer(PageGraph graph, PageReader pages, TransferProgress progress)
{
    private readonly ContentReader _content = pages.Content;

    /// <summary>Finds the users of a missing object.</summary>
    public Task<Damage> TraceMissingAsync(Digest digest, CancellationToken cancellationToken) =>
        SpoolingAsync(
            digest,
            tracer => tracer.TraceAsync(digest, (entries, _) => Task.FromResult(entries), cancellationToken)
        );

    /// <summary>Finds the users of missing or changed bytes of an object.</summary>
    public Task<Damage> TraceDamagedAsync(Digest digest, CancellationToken cancellationToken) =>
        SpoolingAsync(digest, tracer => tracer.TraceChangedAsync(digest, cancellationToken));

    // Reads the object and the pages that refer to it with few requests.
    private async Task<Damage> SpoolingAsync(Digest digest, Func<DamageTracer, Task<Damage>> trace)
    {
        var use = graph.Objects[digest];
        var read = PageGraph.ObjectsWithMany(use.ReferencingPages.Concat(use.Pages));
        using var spool = new SpooledObjects(
            _content.Store.WithoutCache(),
            item => item == digest || read.Contains(item),
            progress
        );
        var spooled = new PageReader(new ContentReader(_content.Store, spool));
        return await trace(new DamageTracer(graph, spooled, progress)).ConfigureAwait(false);
    }

    private async Task<Damage> TraceChangedAsync(Digest digest, CancellationToken cancellationToken)
    {
        var checks = new Dictionary<(Digest, Digest, long), bool>();
        var damage = await TraceAsync(
                digest,
                (entries, token) => DamagedEntriesAsync(digest, entries, checks, token),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (damage.IsEmpty)
            await TraceLocationsAsync(graph.Objects[digest].Pages, damage, cancellationToken).ConfigureAwait(false);
        return damage;
    }

    /// <summary>Finds all users of an object without reading it.</summary>
    public Damage TraceUsers(Digest digest)
    {
        var damage = new Damage();
        if (!graph.Objects.TryGetValue(digest, out var use))
            return damage;
        damage.Add(use.Owners);
        damage.Add(PageGraph.OwnersOf(use.Pages.Concat(use.ReferencingPages)));
        return damage;
    }

    /// <summary>The only object with pages that refer to another object; null if there are several.</summary>
    public static Digest? OnlyReferrer(ObjectUse use)
    {
        var objects = use
            .ReferencingPages.Concat(use.Pages.SelectMany(page => page.Parents))
            .Select(page => page.Reference.Location.Object.Digest)
            .Distinct()
            .Take(2)
            .ToList();
        return objects.Count == 1 && use.Owners.Count == 0 && use.Pages.All(page => page.Owners.Count == 0)
            ? objects[0]
            : null;
    }

    // The digest of a page does not cover locations, so a damaged page may differ in locations only.
    private async Task TraceLocationsAsync(
        IReadOnlyCollection<PageNode> suspects,
        Damage damage,
        CancellationToken cancellationToken
    )
    {
        var checks = new Dictionary<(Digest, Digest, long), bool>();
        foreach (var node in suspects)
        {
            if (await TryReadAsync(node, damage, cancellationToken).ConfigureAwait(false) is not { } page)
                continue;
            foreach (var child in page.Items.OfType<PageReference>())
                if (graph.Find(child) is { Failure: not null } below)
                    damage.Add(below);
            var entries = page.Items.OfType<ManifestEntry>().Where(entry => !entry.Location.IsEmpty);
            var invalid = await DamagedEntriesAsync(null, [.. entries], checks, cancellationToken)
                .ConfigureAwait(false);
            foreach (var entry in invalid)
                damage.Add(entry.Path);
            if (invalid.Count > 0)
                damage.Add(PageGraph.OwnersOf([node]));
        }
    }

    private async Task<Damage> TraceAsync(
        Digest digest,
        Func<IReadOnlyList<ManifestEntry>, CancellationToken, Task<IReadOnlyList<ManifestEntry>>> choose,
        CancellationToken cancellationToken
    )
    {
        var damage = new Damage();
        var use = graph.Objects[digest];
        foreach (var page in use.Pages.Where(page => page.Failure is not null))
            damage.Add(page);
        damage.Add(use.Owners);
        foreach (var referencing in use.ReferencingPages)
        {
            if (await TryReadAsync(referencing, damage, cancellationToken).ConfigureAwait(false) is not { } page)
                continue;
            var entries = new List<ManifestEntry>();
            foreach (var item in page.Items)
                if (item is ManifestEntry { Uri: null } entry && await NeedsAsync(entry).ConfigureAwait(false))
                    entries.Add(entry);
            var affected = await choose(entries, cancellationToken).ConfigureAwait(false);
            foreach (var entry in affected)
                damage.Add(entry.Path);
            if (affected.Count > 0)
                damage.Add(PageGraph.OwnersOf([referencing]));
        }
        return damage;

        async ValueTask<bool> NeedsAsync(ManifestEntry entry)
        {
            if (entry.Location.StoredIn == digest)
                return true;
            if (!entry.Location.IsChunked)
                return false;
            try
            {
                var needed = await _content.ObjectsOfAsync(entry.Location, cancellationToken).ConfigureAwait(false);
                return needed.Contains(digest);
            }
            catch (ObjectLostException)
            {
                // The objects of its chunks are unknown. A damaged list of chunks is reported separately.
                return false;
            }
        }
    }

    // The page may have been deleted since it was read.
    private async Task<ManifestPage?> TryReadAsync(PageNode node, Damage damage, CancellationToken cancellationToken)
    {
        try
        {
            return await pages.ReadStoredAsync(node.Reference, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectLostException)
        {
            damage.Add(node);
            return null;
        }
    }

    // Equal content of several versions is read once.
    private async Task<IReadOnlyList<ManifestEntry>> DamagedEntriesAsync(
        Digest? damaged,
        IReadOnlyList<ManifestEntry> entries,
        Dictionary<(Digest, Digest, long), bool> checks,
        CancellationToken cancellationToken
    )
    {
        var fresh = entries.Where(entry => !checks.ContainsKey(KeyOf(entry))).ToList();
        foreach (var entry in fresh)
            checks[KeyOf(entry)] = true;
        var plain = fresh.Where(entry => !entry.Location.IsChunked && entry.Digest != damaged);
        foreach (var batch in BlobBatch<ManifestEntry>.Plan(plain.Select(entry => (entry, entry.Blob))))
            if (batch.IsLarge)
                await CheckAsync(batch.Items[0].Item).ConfigureAwait(false);
            else
                await batch
                    .ReadAsync(
                        _content,
                        (_, _) => Task.CompletedTask,
                        (entry, _) =>
                        {
                            checks[KeyOf(entry)] = false;
                            return default;
                        },
                        cancellationToken
                    )
                    .ConfigureAwait(false);
        foreach (var entry in fresh)
            if (entry.Digest == damaged)
                checks[KeyOf(entry)] = false;
            else if (entry.Location.IsChunked)
                await CheckAsync(entry).ConfigureAwait(false);
        return [.. entries.Where(entry => !checks[KeyOf(entry)])];

        async Task CheckAsync(ManifestEntry entry)
        {
            try
            {
                await _content
                    .CopyAsync(entry.Blob, (_, _) => Task.CompletedTask, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (ObjectLostException)
            {
                checks[KeyOf(entry)] = false;
            }
        }
    }

    private static (Digest, Digest, long) KeyOf(ManifestEntry entry) =>
        (entry.Digest!.Value, entry.Location.Object.Digest, entry.Location.Offset);
}
