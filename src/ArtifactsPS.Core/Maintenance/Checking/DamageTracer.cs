using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Finds what a damaged object means: which pages and files of which versions are touched, and no others.</summary>
/// <param name="graph">All trees of the store.</param>
/// <param name="pages">Reads pages.</param>
internal sealed class DamageTracer(PageGraph graph, PageReader pages)
{
    private readonly ContentReader _content = pages.Content;

    /// <summary>Finds what needs an object that isn't there.</summary>
    public Task<Damage> TraceMissingAsync(Digest digest, CancellationToken cancellationToken) =>
        TraceAsync(digest, (entries, _) => Task.FromResult(entries), cancellationToken);

    /// <summary>Finds what needs bytes of an object that it doesn't have, or other ones than it has.</summary>
    public async Task<Damage> TraceDamagedAsync(Digest digest, CancellationToken cancellationToken)
    {
        var checks = new Dictionary<(Digest, Digest, long), bool>();
        var damage = await TraceAsync(
                digest,
                (entries, token) => UnsoundAsync(digest, entries, checks, token),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (damage.IsNothing)
            await TracePlacesAsync(graph.Objects[digest].Pages, damage, cancellationToken).ConfigureAwait(false);
        return damage;
    }

    /// <summary>Finds who needs anything of an object, without reading: which of it can be read is not known.</summary>
    public Damage TraceUsers(Digest digest)
    {
        var damage = new Damage();
        if (!graph.Objects.TryGetValue(digest, out var use))
            return damage;
        damage.Add(use.Owners);
        damage.Add(PageGraph.OwnersAbove(use.Pages.Concat(use.Namers)));
        return damage;
    }

    /// <summary>The one object that holds all pages which say that something lies in another; null where several do.</summary>
    public static Digest? OnlyWitness(ObjectUse use)
    {
        var objects = use
            .Namers.Concat(use.Pages.SelectMany(page => page.Parents))
            .Select(page => page.Reference.Location.Object!.Digest!.Value)
            .Distinct()
            .Take(2)
            .ToList();
        return objects.Count == 1 && use.Owners.Count == 0 && use.Pages.All(page => page.Owners.Count == 0)
            ? objects[0]
            : null;
    }

    // A page's digest doesn't cover where things lie: of a page that is damaged there only the places are wrong.
    private async Task TracePlacesAsync(
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
            var entries = page.Items.OfType<ManifestEntry>().Where(entry => entry.Location.Object is not null);
            var unsound = await UnsoundAsync(null, [.. entries], checks, cancellationToken).ConfigureAwait(false);
            foreach (var entry in unsound)
                damage.Add(entry.Path);
            if (unsound.Count > 0)
                damage.Add(PageGraph.OwnersAbove([node]));
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
        foreach (var namer in use.Namers)
        {
            if (await TryReadAsync(namer, damage, cancellationToken).ConfigureAwait(false) is not { } page)
                continue;
            var entries = new List<ManifestEntry>();
            foreach (var item in page.Items)
                if (item is ManifestEntry { Uri: null } entry && await NeedsAsync(entry).ConfigureAwait(false))
                    entries.Add(entry);
            var touched = await choose(entries, cancellationToken).ConfigureAwait(false);
            foreach (var entry in touched)
                damage.Add(entry.Path);
            if (touched.Count > 0)
                damage.Add(PageGraph.OwnersAbove([namer]));
        }
        return damage;

        async ValueTask<bool> NeedsAsync(ManifestEntry entry)
        {
            if (entry.Location.Object?.Digest == digest)
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
                // What its chunks would need is not known; that the list is damaged is told by itself.
                return false;
            }
        }
    }

    // A page that could be read before may have gone since.
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

    // The same content may stand in many versions: it is read once.
    private async Task<IReadOnlyList<ManifestEntry>> UnsoundAsync(
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
                        (entry, _) => checks[KeyOf(entry)] = false,
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
        (entry.Digest!.Value, entry.Location.Object!.Digest!.Value, entry.Location.Offset);
}
