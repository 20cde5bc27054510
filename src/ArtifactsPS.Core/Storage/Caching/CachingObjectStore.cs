using ArtifactsPS.Core.Concurrency;

namespace ArtifactsPS.Core.Storage.Caching;

/// <summary>
/// Caches objects of a remote store on this machine. Only reading uses the cache. The store itself always decides whether a key exists
/// and how long it is. Keys that aren't named by their digest are never cached.
/// </summary>
internal sealed class CachingObjectStore(IObjectStore inner, BlockCache cache)
    : IObjectStore,
        ICachedStore,
        IUploadingStore,
        IStagingStore,
        IProbedStore,
        IRequestStore
{
    private const int Gates = 64;

    private readonly SemaphoreSlim[] _fetching = Enumerable.Range(0, Gates).Select(_ => new SemaphoreSlim(1)).ToArray();

    /// <inheritdoc/>
    public string Location => Inner.Location;

    public IObjectStore Inner { get; } = inner;

    public BlockCache Cache { get; } = cache;

    /// <inheritdoc/>
    public IObjectStore Uncached => Inner;

    /// <inheritdoc/>
    public void Drop(string key)
    {
        if (StoreLayout.IsNamedByDigest(key))
            Cache.Remove(HexOf(key));
    }

    /// <inheritdoc/>
    public async Task<bool> TryDeleteOnceAsync(string key, CancellationToken cancellationToken) =>
        Inner is IRequestStore requests
        && await requests.TryDeleteOnceAsync(key, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        Inner.TryCreateAsync(key, value, cancellationToken);

    /// <inheritdoc/>
    public async Task<Stream?> OpenReadAsync(
        string key,
        long offset,
        long? length,
        CancellationToken cancellationToken
    ) =>
        StoreLayout.IsNamedByDigest(key) && length != 0
            ? await CachedStream.OpenAsync(this, key, offset, length, cancellationToken).ConfigureAwait(false)
            : await Inner.OpenReadAsync(key, offset, length, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) =>
        Inner.ExistsAsync(key, cancellationToken);

    /// <inheritdoc/>
    public Task<long?> GetLengthAsync(string key, CancellationToken cancellationToken) =>
        Inner.GetLengthAsync(key, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredKey> ListAsync(string prefix, string? after, CancellationToken cancellationToken) =>
        Inner.ListAsync(prefix, after, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) =>
        Inner.ListFoldersAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Drop(key);
        return Inner.DeleteAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public bool MovesAtomically => Inner.MovesAtomically;

    /// <inheritdoc/>
    public Task<bool> TryMoveAsync(string key, string target, CancellationToken cancellationToken)
    {
        if (StoreLayout.IsNamedByDigest(key))
            Cache.Remove(HexOf(key));
        return Inner.TryMoveAsync(key, target, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> TryCopyAsync(string key, string target, CancellationToken cancellationToken) =>
        Inner.TryCopyAsync(key, target, cancellationToken);

    /// <inheritdoc/>
    public Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken) =>
        Inner.GetTimeAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<IStagedObject> StageAsync(CancellationToken cancellationToken) =>
        new Staged(await Inner.StageAsync(cancellationToken).ConfigureAwait(false), new CacheFiller(Cache));

    /// <inheritdoc/>
    public async Task<bool> UploadAsync(
        string key,
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        CancellationToken cancellationToken
    )
    {
        using var filler = new CacheFiller(Cache);
        var created = await ((IUploadingStore)Inner)
            .UploadAsync(key, ReadAsync, cancellationToken)
            .ConfigureAwait(false);
        if (created)
            filler.Keep(HexOf(key));
        return created;

        async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken token)
        {
            var count = await read(buffer, token).ConfigureAwait(false);
            filler.Append(buffer.Span.Slice(0, count));
            return count;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredKey> ListStagedAsync(CancellationToken cancellationToken) =>
        Inner is IStagingStore staging ? staging.ListStagedAsync(cancellationToken) : AsyncStream.Of<StoredKey>([]);

    /// <inheritdoc/>
    public async Task<bool> DeleteStagedAsync(string key, CancellationToken cancellationToken) =>
        Inner is IStagingStore staging && await staging.DeleteStagedAsync(key, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) =>
        Inner is IProbedStore probed ? probed.ProbeAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Gate that lets one reader fetch a block.</summary>
    public SemaphoreSlim GateOf(string hex, long block) =>
        _fetching[(int)((uint)(StringComparer.Ordinal.GetHashCode(hex) ^ block.GetHashCode()) % Gates)];

    private static string HexOf(string key) => key.Substring(key.LastIndexOf('/') + 1);

    private sealed class Staged(IStagedObject inner, CacheFiller filler) : IStagedObject
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            filler.Append(bytes.Span);
            return inner.WriteAsync(bytes, cancellationToken);
        }

        public async ValueTask<bool> CommitAsync(string key, CancellationToken cancellationToken)
        {
            var created = await inner.CommitAsync(key, cancellationToken).ConfigureAwait(false);
            if (StoreLayout.IsObject(key))
                filler.Keep(HexOf(key));
            return created;
        }

        public ValueTask DisposeAsync()
        {
            filler.Dispose();
            return inner.DisposeAsync();
        }
    }
}
