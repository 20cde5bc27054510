using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Trash;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Compares the stored objects with the objects that trees need, and reports one problem for each missing or
/// damaged object.</summary>
/// <param name="graph">All trees of the store, whose pages have been read.</param>
/// <param name="progress">Counts objects that are read as a whole, and their bytes.</param>
internal sealed class ObjectCheck(
    IObjectStore store,
    PageGraph graph,
    PageReader pages,
    ObjectHashCheck hashes,
    StoreProblems problems,
    TransferProgress progress
)
{
    private const string AddAgain =
        "Restore the key from a copy of the store. Or run Repair-ArtifactStore with the same parameters, add the files again, and publish.";

    private readonly DamageTracer _tracer = new(graph, pages, progress);
    private readonly CurrentTrees _current = new(store, graph);
    private readonly ConcurrentDictionary<Digest, bool> _reported = new();

    public long UnneededObjects { get; private set; }

    /// <summary>Length in bytes.</summary>
    public long UnneededBytes { get; private set; }

    /// <summary>Lists all objects, and reports missing objects, truncated objects and unexpected keys.</summary>
    /// <returns>The other objects, with their lengths in bytes.</returns>
    public async Task<List<(Digest Digest, long Length)>> CheckLengthsAsync(CancellationToken cancellationToken)
    {
        var listed = new List<(Digest Digest, long Length)>();
        await foreach (var key in ObjectListing.ListAsync(store, cancellationToken).ConfigureAwait(false))
        {
            if (StoreLayout.ObjectDigest(key.Key) is not { } digest)
                problems.AddUnexpected(
                    key.Key,
                    "The name of an object is the SHA-256 of its bytes; this name is not a SHA-256."
                );
            else if (!graph.Objects.TryGetValue(digest, out var use))
            {
                UnneededObjects++;
                UnneededBytes += key.Length;
                listed.Add((digest, key.Length));
            }
            else
            {
                use.StoredLength = key.Length;
                if (key.Length >= use.NeededLength)
                    listed.Add((digest, key.Length));
            }
        }
        listed.AddRange(await FindCondemnedAsync(cancellationToken).ConfigureAwait(false));
        if (graph.Objects.Any(item => item.Value.StoredLength is null))
            await _current.RefreshAsync(cancellationToken).ConfigureAwait(false);
        foreach (var item in graph.Objects)
            if (item.Value.StoredLength is not { } length)
                await ReportMissingAsync(item.Key, cancellationToken).ConfigureAwait(false);
            else if (length < item.Value.NeededLength)
                await ReportTruncatedAsync(item.Key, item.Value, cancellationToken).ConfigureAwait(false);
        return listed;
    }

    // A needed object in the trash is not lost: it is read there, and the next purge moves it back.
    private async Task<List<(Digest Digest, long Length)>> FindCondemnedAsync(CancellationToken cancellationToken)
    {
        var found = new List<(Digest Digest, long Length)>();
        foreach (var (digest, use) in graph.Objects.Select(item => (item.Key, item.Value)))
            if (
                use.StoredLength is null
                && await TrashedObjects.FindLengthAsync(store, digest, cancellationToken).ConfigureAwait(false)
                    is { } length
            )
            {
                use.StoredLength = length;
                if (length >= use.NeededLength)
                    found.Add((digest, length));
            }
        return found;
    }

    /// <summary>Reports an object whose bytes do not match its name.</summary>
    public async Task ReportDamagedAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (!_reported.TryAdd(digest, value: true))
            return;
        var damage = graph.Objects.ContainsKey(digest)
            ? await _tracer.TraceDamagedAsync(digest, cancellationToken).ConfigureAwait(false)
            : new Damage();
        const string what = "The bytes of the object do not match its name, which is their SHA-256";
        if (damage.IsEmpty)
            problems.Add(
                StoreProblemKind.ObjectDamaged,
                StoreLayout.ObjectKey(digest),
                what + ". No version needs the damaged bytes.",
                "No data is lost. Run Repair-ArtifactStore -Full, which moves the needed content to other objects.",
                severity: ProblemSeverity.Warning
            );
        else
            Report(StoreProblemKind.ObjectDamaged, digest, what, damage);
    }

    /// <summary>Reports an object that the storage device fails to read.</summary>
    public void ReportUnreadable(Digest digest, StoreUnavailableException failure)
    {
        if (_reported.TryAdd(digest, value: true))
            problems.Add(
                StoreProblemKind.ObjectUnreadable,
                StoreLayout.ObjectKey(digest),
                failure.Message,
                "Check the storage device, then check the store again. If the object stays unreadable, restore the key from a "
                    + "copy of the store. Or delete the key, run Repair-ArtifactStore, add the files again, and publish.",
                _tracer.TraceUsers(digest)
            );
    }

    /// <summary>Reports unreadable pages and lists of chunks in objects that have no other problem.</summary>
    public async Task ReportUnreadableAsync(PageGraphReader reader, CancellationToken cancellationToken)
    {
        if (!reader.IsComplete)
            await _current.RefreshAsync(cancellationToken).ConfigureAwait(false);
        foreach (var page in reader.UnreadablePages.Where(page => _current.Need([page])))
        {
            var damage = new Damage();
            damage.Add(page);
            var location = page.Reference.Location;
            if (
                !_reported.ContainsKey(location.Object.Digest)
                && await DamagedReferrerAsync(location.Object.Digest, UseOf(page), cancellationToken)
                    .ConfigureAwait(false)
                    is { } referrer
            )
                ReportWrongLocation(referrer, damage);
            else
                ReportUnreadable(StoreProblemKind.PageDamaged, location, page.Failure!, damage);
        }
        foreach (var (page, entry, failure) in reader.UnreadableChunkLists.Where(list => _current.Need([list.Page])))
        {
            var damage = new Damage();
            damage.Add(entry.Path);
            damage.Add(PageGraph.OwnersOf([page]));
            ReportUnreadable(StoreProblemKind.ChunkListDamaged, entry.Location, failure, damage);
        }
    }

    private void ReportUnreadable(
        StoreProblemKind kind,
        BlobLocation location,
        ArtifactsException failure,
        Damage damage
    )
    {
        var digest = location.Object.Digest;
        if (_reported.ContainsKey(digest))
            return;
        var what = (failure as ObjectCorruptException)?.Fault ?? "it is missing";
        Report(kind, digest, $"The object is damaged: {what}", damage);
    }

    private async Task ReportMissingAsync(Digest digest, CancellationToken cancellationToken)
    {
        // It may have been created during the listing.
        var isThere = await store.ExistsAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false);
        if (isThere || !_current.Need(digest))
            return;
        _reported[digest] = true;
        var damage = await _tracer.TraceMissingAsync(digest, cancellationToken).ConfigureAwait(false);
        if (
            await DamagedReferrerAsync(digest, graph.Objects[digest], cancellationToken).ConfigureAwait(false) is
            { } referrer
        )
            ReportWrongLocation(referrer, damage);
        else
            Report(StoreProblemKind.ObjectMissing, digest, "The object is missing", damage);
    }

    private async Task ReportTruncatedAsync(Digest digest, ObjectUse use, CancellationToken cancellationToken)
    {
        _reported[digest] = true;
        Report(
            StoreProblemKind.ObjectTruncated,
            digest,
            $"The object has {use.StoredLength} bytes, but at least {use.NeededLength} are needed",
            await _tracer.TraceDamagedAsync(digest, cancellationToken).ConfigureAwait(false)
        );
    }

    // The digest of a page does not cover locations. If all pages that refer to missing content are in one damaged object,
    // the locations in these pages are wrong.
    private async Task<Digest?> DamagedReferrerAsync(
        Digest digest,
        ObjectUse use,
        CancellationToken cancellationToken
    ) =>
        DamageTracer.OnlyReferrer(use) is { } referrer
        && referrer != digest
        && await hashes.IsDamagedAsync(referrer, cancellationToken).ConfigureAwait(false)
            ? referrer
            : null;

    private static ObjectUse UseOf(PageNode page) => new() { Pages = { page } };

    private void ReportWrongLocation(Digest referrer, Damage damage)
    {
        if (_reported.TryAdd(referrer, value: true))
            Report(
                StoreProblemKind.PageDamaged,
                referrer,
                "A manifest page in the object contains wrong locations",
                damage
            );
    }

    private void Report(StoreProblemKind kind, Digest digest, string what, Damage damage)
    {
        var others = string.Concat(damage.Others.Select(subject => $" Also needed by {subject}."));
        problems.Add(
            kind,
            StoreLayout.ObjectKey(digest),
            $"{what}. {damage.PathCount} entries of {damage.Versions.Count} versions are affected.{others}",
            AddAgain,
            damage
        );
    }
}
