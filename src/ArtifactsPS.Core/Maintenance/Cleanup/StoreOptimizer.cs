using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>How to clean up a store.</summary>
public sealed record CleanupOptions
{
    /// <summary>Objects that were created or touched within it are kept. It must exceed the time between storing and
    /// committing content, and <see cref="ShortestSafeGracePeriod"/>, unless no other process writes.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether to rewrite packs of which less than half is needed.</summary>
    public bool RewritesPacks { get; init; }

    /// <summary>Id of the run that cleans up; null for none.</summary>
    public string? RunId { get; init; }

    /// <summary>With a shorter period, no other process may write to the store meanwhile.</summary>
    public static TimeSpan ShortestSafeGracePeriod { get; } = ObjectProtection.FreshFor + ObjectProtection.FreshFor;
}

/// <summary>
/// Cleans up a store: first plans all kinds of items, then deletes the items of the chosen kinds. Other processes may
/// publish meanwhile.
/// </summary>
/// <param name="progress">Counts pages and objects, and their bytes.</param>
public sealed class StoreOptimizer(VersionStore store, CleanupOptions options, TransferProgress progress)
{
    private readonly IObjectStore _objects = store.Objects;
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    private readonly LiveObjects _needed = new(store.Objects, options.RewritesPacks, progress);
    private readonly List<ArtifactName> _expiring = [];
    private readonly List<(Digest Digest, long Length)> _packs = [];
    private readonly List<(Digest Digest, long Length)> _garbage = [];
    private readonly List<StoredKey> _staged = [];
    private IReadOnlyList<StoredKey> _damaged = [];
    private IReadOnlyList<StoredKey> _announcements = [];

    private DateTimeOffset OldBefore => _now - options.GracePeriod;

    /// <summary>Finds the items to delete. Kinds without items are omitted.</summary>
    /// <exception cref="StoreDamagedException">The needed objects are unknown.</exception>
    public async Task<IReadOnlyList<StoreCleanup>> PlanAsync(CancellationToken cancellationToken)
    {
        var states = await _needed
            .ReadAsync((state, version) => ExpiredVersions.IsExpired(state, version, _now), cancellationToken)
            .ConfigureAwait(false);
        var plan = new List<StoreCleanup>();
        var expired = Begin(StoreCleanupKind.ExpiredVersions);
        foreach (var state in states.OrderBy(state => state.Name.ToString(), CaseInsensitiveName.Comparer))
        foreach (var number in await ExpiredVersions.FindAsync(state, _now, cancellationToken).ConfigureAwait(false))
        {
            expired.Add(ArtifactReference.To(state.Name, number).ToString(), 0);
            if (_expiring.Count == 0 || _expiring[_expiring.Count - 1] != state.Name)
                _expiring.Add(state.Name);
        }
        await ListObjectsAsync(cancellationToken).ConfigureAwait(false);
        await ListStagedAsync(cancellationToken).ConfigureAwait(false);
        _damaged = await DamagedObjects
            .ListObsoleteAsync(_objects, OldBefore, _needed.Contains, cancellationToken)
            .ConfigureAwait(false);
        _announcements = await CleanupAnnouncement.ListStaleAsync(_objects, cancellationToken).ConfigureAwait(false);
        return
        [
            .. new[]
            {
                expired,
                Sum(StoreCleanupKind.RewrittenPacks, _packs),
                Sum(StoreCleanupKind.Objects, _garbage),
                Sum(StoreCleanupKind.StagedFiles, _staged),
                Sum(StoreCleanupKind.DamagedObjects, _damaged),
                Sum(StoreCleanupKind.Announcements, _announcements),
            }.Where(cleanup => cleanup.Count > 0),
        ];
    }

    /// <summary>Deletes the planned items of a kind.</summary>
    /// <returns>The deleted items: fewer than planned if items are needed again.</returns>
    /// <exception cref="StoreDamagedException">The needed objects are unknown.</exception>
    /// <exception cref="CleanupRunningException">Another clean-up is running.</exception>
    public async Task<StoreCleanup> CleanUpAsync(StoreCleanupKind kind, CancellationToken cancellationToken)
    {
        var done = Begin(kind);
        switch (kind)
        {
            case StoreCleanupKind.ExpiredVersions:
                foreach (var name in _expiring)
                foreach (
                    var version in await ExpiredVersions
                        .DeleteAsync(store, name, _now, options.RunId, cancellationToken)
                        .ConfigureAwait(false)
                )
                    done.Add(version, 0);
                break;
            case StoreCleanupKind.RewrittenPacks:
                await RewriteAsync(done, cancellationToken).ConfigureAwait(false);
                break;
            case StoreCleanupKind.Objects:
                await new GarbageCollector(_objects, _needed, options.GracePeriod, progress)
                    .CollectAsync(
                        _garbage,
                        (digest, length) => done.Add(StoreLayout.ObjectKey(digest), length),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                break;
            case StoreCleanupKind.StagedFiles when _objects is IStagingStore staging:
                await DeleteAsync(_staged, staging.DeleteStagedAsync, done, cancellationToken).ConfigureAwait(false);
                break;
            case StoreCleanupKind.DamagedObjects:
                await DeleteAsync(_damaged, _objects.DeleteAsync, done, cancellationToken).ConfigureAwait(false);
                break;
            case StoreCleanupKind.Announcements:
                await DeleteAsync(_announcements, _objects.DeleteAsync, done, cancellationToken).ConfigureAwait(false);
                break;
        }
        return done;
    }

    private async Task ListObjectsAsync(CancellationToken cancellationToken)
    {
        await foreach (var key in _objects.ListAsync(StoreLayout.Objects, cancellationToken).ConfigureAwait(false))
        {
            if (StoreLayout.ObjectDigest(key.Key) is not { } digest)
                continue;
            if (!_needed.Graph.Objects.TryGetValue(digest, out var use))
            {
                if (key.LastModified <= OldBefore)
                    _garbage.Add((digest, key.Length));
            }
            else if (options.RewritesPacks && IsWorthRewriting(use, key.Length))
                _packs.Add((digest, key.Length));
        }
    }

    // Content of contributions is not moved: their records contain its location and are never rewritten.
    private static bool IsWorthRewriting(ObjectUse use, long length) =>
        2 * use.NeededBytes < length
        && use.Owners.Count == 0
        && !PageGraph.OwnersOf(use.Pages.Concat(use.ReferencingPages)).Any(owner => owner is not VersionTree);

    private async Task ListStagedAsync(CancellationToken cancellationToken)
    {
        if (_objects is not IStagingStore staging)
            return;
        await foreach (var key in staging.ListStagedAsync(cancellationToken).ConfigureAwait(false))
            if (key.LastModified <= OldBefore)
                _staged.Add(key);
    }

    private async Task RewriteAsync(StoreCleanup done, CancellationToken cancellationToken)
    {
        var packs = new HashSet<Digest>(_packs.Select(pack => pack.Digest));
        // Touched, so that the packs stay for processes that are reading a version.
        foreach (var digest in packs)
            await _objects.TouchAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false);
        await ContentRelocation
            .LeaveAsync(store, _needed.Graph, _needed.Pages, packs, options.RunId, cancellationToken)
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
