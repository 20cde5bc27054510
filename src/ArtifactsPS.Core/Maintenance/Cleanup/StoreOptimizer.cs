using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Index;
using ArtifactsPS.Core.Content.Trash;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>
/// Cleans up a store: first plans all kinds of items, then handles the items of the chosen kinds. Other processes may
/// publish meanwhile.
/// </summary>
/// <param name="progress">Counts pages and objects, and their bytes.</param>
public sealed class StoreOptimizer(VersionStore store, CleanupOptions options, TransferProgress progress)
{
    private readonly IObjectStore _objects = store.Objects;
    private readonly LiveObjects _needed = new(store.Objects, options.RewritesPacks, progress);
    private readonly List<ArtifactKey> _expiring = [];
    private readonly List<(Digest Digest, long Length)> _garbage = [];
    private readonly List<StoredKey> _staged = [];
    private readonly HashSet<Digest> _present = [];
    private IReadOnlyList<(Digest Digest, long Length)> _packs = [];
    private readonly LogCleanup _logs = new(store.Objects);
    private IReadOnlyList<StoredKey> _damaged = [];
    private IReadOnlyList<IndexSegment> _segments = [];
    private readonly List<UnverifiedExpiry> _unverified = [];
    private DateTimeOffset _now;

    private DateTimeOffset OldBefore => _now - options.GracePeriod;

    /// <summary>Expired versions that are kept because their links can't be verified. Known after planning.</summary>
    public IReadOnlyList<UnverifiedExpiry> Unverified => _unverified;

    /// <summary>Finds the items to handle. Kinds without items are omitted.</summary>
    /// <exception cref="StoreDamagedException">The needed objects are unknown.</exception>
    /// <exception cref="CleanupRefusedException">Most objects seem unneeded, and nothing explains it.</exception>
    public async Task<IReadOnlyList<StoreCleanup>> PlanAsync(CancellationToken cancellationToken)
    {
        _now = await _objects.GetTimeAsync(cancellationToken).ConfigureAwait(false);
        var states = await _needed
            .ReadAsync(
                (state, version) => ExpiredVersions.IsExpiredWithoutMarks(state, version, _now),
                cancellationToken
            )
            .ConfigureAwait(false);
        var expired = Begin(StoreCleanupKind.ExpiredVersions);
        foreach (var state in states.OrderBy(state => state.Name.ToString(), CaseInsensitiveName.Comparer))
        {
            var found = await ExpiredVersions.FindAsync(store, state, _now, cancellationToken).ConfigureAwait(false);
            foreach (var number in found.Numbers)
                expired.Add(ArtifactReference.To(state.Name, number).ToString(), 0);
            if (found.Numbers.Count > 0)
                _expiring.Add(state.Key);
            _unverified.AddRange(found.Unverified);
        }
        await ListObjectsAsync(states, cancellationToken).ConfigureAwait(false);
        await ListStagedAsync(cancellationToken).ConfigureAwait(false);
        _damaged = await DamagedObjects
            .ListObsoleteAsync(_objects, OldBefore, _needed.Contains, cancellationToken)
            .ConfigureAwait(false);
        var logs = Begin(StoreCleanupKind.LogRecords);
        await _logs.PlanAsync(OldBefore, logs, cancellationToken).ConfigureAwait(false);
        return
        [
            .. new[]
            {
                expired,
                logs,
                Sum(StoreCleanupKind.RewrittenPacks, _packs),
                Sum(StoreCleanupKind.Objects, _garbage),
                await PlanPurgeAsync(cancellationToken).ConfigureAwait(false),
                Sum(StoreCleanupKind.StagedFiles, _staged),
                Sum(StoreCleanupKind.DamagedObjects, _damaged),
                await PlanMergeAsync(cancellationToken).ConfigureAwait(false),
            }.Where(cleanup => cleanup.Count > 0),
        ];
    }

    private async Task<StoreCleanup> PlanPurgeAsync(CancellationToken cancellationToken)
    {
        var plan = Begin(StoreCleanupKind.CondemnedObjects);
        var trash = await TrashContent.ListAsync(_objects, cancellationToken).ConfigureAwait(false);
        var before = await PurgeBeforeAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (inventory, digest, length) in trash.ListedBefore(before))
            plan.Add(StoreLayout.TrashKey(inventory.Batch, digest), length);
        // The next clean-up purges those of interrupted clean-ups; this one lists them.
        if (_objects.MovesAtomically || options.IsForced)
            foreach (var (batch, objects) in trash.Unlisted())
            foreach (var (digest, length) in objects)
                plan.Add(StoreLayout.TrashKey(batch, digest), length);
        return plan;
    }

    /// <summary>Handles the planned items of a kind.</summary>
    /// <returns>The handled items: fewer than planned if items are needed again.</returns>
    /// <exception cref="StoreDamagedException">The needed objects are unknown.</exception>
    public async Task<StoreCleanup> CleanUpAsync(StoreCleanupKind kind, CancellationToken cancellationToken)
    {
        var done = Begin(kind);
        switch (kind)
        {
            case StoreCleanupKind.ExpiredVersions:
                foreach (var artifact in _expiring)
                foreach (
                    var version in await ExpiredVersions
                        .DeleteAsync(store, artifact, _now, options.RunId, cancellationToken)
                        .ConfigureAwait(false)
                )
                    done.Add(version, 0);
                break;
            case StoreCleanupKind.LogRecords:
                await _logs.CompactAsync(done, cancellationToken).ConfigureAwait(false);
                break;
            case StoreCleanupKind.RewrittenPacks:
                await RewriteAsync(done, cancellationToken).ConfigureAwait(false);
                break;
            case StoreCleanupKind.Objects:
                var condemner = new ObjectCondemner(_objects, progress);
                foreach (
                    var (digest, length) in await condemner
                        .CondemnAsync(_garbage, cancellationToken)
                        .ConfigureAwait(false)
                )
                    done.Add(StoreLayout.ObjectKey(digest), length);
                break;
            case StoreCleanupKind.CondemnedObjects:
                await PurgeAsync(done, cancellationToken).ConfigureAwait(false);
                break;
            case StoreCleanupKind.StagedFiles when _objects is IStagingStore staging:
                await DeleteAsync(_staged, staging.DeleteStagedAsync, done, cancellationToken).ConfigureAwait(false);
                break;
            case StoreCleanupKind.DamagedObjects:
                await DeleteAsync(_damaged, _objects.DeleteAsync, done, cancellationToken).ConfigureAwait(false);
                break;
            case StoreCleanupKind.IndexSegments:
                await new IndexMerge(_objects)
                    .CreateAsync(
                        [],
                        _segments,
                        await FindIndexedObjectsAsync(cancellationToken).ConfigureAwait(false),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                foreach (var segment in _segments)
                    done.Add(segment.Key.Key, segment.Key.Length);
                break;
        }
        return done;
    }

    private async Task PurgeAsync(StoreCleanup done, CancellationToken cancellationToken)
    {
        await TrashPurger.ListInterruptedAsync(_objects, options.IsForced, cancellationToken).ConfigureAwait(false);
        var before = await PurgeBeforeAsync(cancellationToken).ConfigureAwait(false);
        await new TrashPurger(store, ReadNeededAsync, progress)
            .PurgeAsync(before, done, cancellationToken)
            .ConfigureAwait(false);
    }

    // Expired versions count as needed until a record removes them: another record may extend them.
    private async Task<Func<Digest, bool>> ReadNeededAsync(CancellationToken cancellationToken)
    {
        await _needed.ReadAgainAsync(cancellationToken).ConfigureAwait(false);
        return _needed.Contains;
    }

    private async Task<DateTimeOffset> PurgeBeforeAsync(CancellationToken cancellationToken) =>
        options.GracePeriod == TimeSpan.Zero
            ? DateTimeOffset.MaxValue
            : await _objects.GetTimeAsync(cancellationToken).ConfigureAwait(false) - options.GracePeriod;

    private async Task ListObjectsAsync(IReadOnlyCollection<CatalogState> states, CancellationToken cancellationToken)
    {
        var packs = new PacksToRewrite();
        long all = 0;
        await foreach (var key in ObjectListing.ListAsync(_objects, cancellationToken).ConfigureAwait(false))
        {
            if (StoreLayout.ObjectDigest(key.Key) is not { } digest)
                continue;
            all += key.Length;
            _present.Add(digest);
            if (_needed.Graph.Objects.TryGetValue(digest, out var use))
            {
                if (options.RewritesPacks)
                    packs.Add(digest, key.Length, use);
            }
            else if (key.LastModified <= OldBefore || options.GracePeriod == TimeSpan.Zero)
                _garbage.Add((digest, key.Length));
        }
        if (options.RewritesPacks)
            _packs = packs.Choose();
        var garbage = _garbage.Sum(item => item.Length);
        if (!options.IsForced && 2 * garbage > all && !states.Any(HasRemovedVersions) && _expiring.Count == 0)
            throw new CleanupRefusedException(store.Location, garbage, all, hasArtifacts: states.Count > 0);
    }

    private static bool HasRemovedVersions(CatalogState state) => state.VersionCount < state.NextVersion;

    private async Task ListStagedAsync(CancellationToken cancellationToken)
    {
        if (_objects is not IStagingStore staging)
            return;
        await foreach (var key in staging.ListStagedAsync(cancellationToken).ConfigureAwait(false))
            if (key.LastModified <= OldBefore)
                _staged.Add(key);
    }

    private async Task<StoreCleanup> PlanMergeAsync(CancellationToken cancellationToken)
    {
        var plan = Begin(StoreCleanupKind.IndexSegments);
        var segments = await StoreIndex.OpenAsync(_objects, cancellationToken).ConfigureAwait(false);
        _segments = IndexMerge.ChooseAll(segments, _present.Contains);
        foreach (var segment in _segments)
            plan.Add(segment.Key.Key, segment.Key.Length);
        return plan;
    }

    // Objects that were created or condemned since they were listed are looked up. A writer may bring condemned ones back.
    private async Task<Func<Digest, bool>> FindIndexedObjectsAsync(CancellationToken cancellationToken)
    {
        var condemned = new HashSet<Digest>(_garbage.Select(item => item.Digest));
        var indexed = new HashSet<Digest>(_segments.SelectMany(segment => segment.Objects.Digests));
        foreach (var digest in indexed.Where(digest => condemned.Contains(digest) || !_present.Contains(digest)))
            if (
                await TrashedObjects.FindLengthAsync(_objects, digest, cancellationToken).ConfigureAwait(false)
                is not null
            )
                _present.Add(digest);
            else
                _present.Remove(digest);
        return _present.Contains;
    }

    private async Task RewriteAsync(StoreCleanup done, CancellationToken cancellationToken)
    {
        var packs = new HashSet<Digest>(_packs.Select(pack => pack.Digest));
        await ContentRelocation
            .LeaveAsync(store, _needed.Graph, packs, progress, options.RunId, cancellationToken)
            .ConfigureAwait(false);
        foreach (var (digest, length) in _packs)
            done.Add(StoreLayout.ObjectKey(digest), length);
    }

    private static async Task DeleteAsync(
        IEnumerable<StoredKey> keys,
        Func<string, CancellationToken, Task<bool>> delete,
        StoreCleanup done,
        CancellationToken cancellationToken
    )
    {
        foreach (var key in keys)
            if (await delete(key.Key, cancellationToken).ConfigureAwait(false))
                done.Add(key.Key, key.Length);
    }

    private StoreCleanup Begin(StoreCleanupKind kind) => new() { Kind = kind, Store = store.Location };

    private StoreCleanup Sum(StoreCleanupKind kind, IEnumerable<(Digest Digest, long Length)> objects)
    {
        var sum = Begin(kind);
        foreach (var (digest, length) in objects)
            sum.Add(StoreLayout.ObjectKey(digest), length);
        return sum;
    }

    private StoreCleanup Sum(StoreCleanupKind kind, IEnumerable<StoredKey> keys)
    {
        var sum = Begin(kind);
        foreach (var key in keys)
            sum.Add(key.Key, key.Length);
        return sum;
    }
}
