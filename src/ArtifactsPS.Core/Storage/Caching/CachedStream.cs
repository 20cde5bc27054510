using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Caching;

/// <summary>Reads an object from cached blocks, and missing blocks from the remote store: consecutive ones in one
/// request.</summary>
internal sealed class CachedStream : ForwardStream
{
    private readonly CachingObjectStore _store;
    private readonly string _key;
    private readonly string _hex;
    private readonly byte[] _buffer = new byte[BlockCache.BufferSize];

    // Null to read to the end of the object.
    private readonly long? _end;
    private long _position;

    // The block in the buffer, and its length.
    private long _block = -1;
    private int _count;

    // Stream of the remote store, the block at its position, and the block at which it ends.
    private Stream? _remote;
    private long _remoteBlock;
    private long _remoteEnd;

    private CachedStream(CachingObjectStore store, string key, long offset, long? length)
    {
        _store = store;
        _key = key;
        _hex = key.Substring(key.LastIndexOf('/') + 1);
        _position = offset;
        _end = length is { } wanted && wanted <= long.MaxValue - offset ? offset + wanted : null;
    }

    /// <summary>Opens an object.</summary>
    /// <returns>Null if the key is missing, and no block at the offset is cached.</returns>
    public static async Task<CachedStream?> OpenAsync(
        CachingObjectStore store,
        string key,
        long offset,
        long? length,
        CancellationToken cancellationToken
    )
    {
        var stream = new CachedStream(store, key, offset, length);
        try
        {
            if (await stream.TryLoadAsync(cancellationToken).ConfigureAwait(false))
                return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
        stream.Dispose();
        return null;
    }

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_end is { } end)
            count = (int)Math.Min(count, Math.Max(0, end - _position));
        if (count == 0)
            return 0;
        if (!await TryLoadAsync(cancellationToken).ConfigureAwait(false))
            throw new ObjectMissingException(_store.Location, _key);
        var within = (int)(_position - _block * BlockCache.BlockSize);
        var read = Math.Min(count, _count - within);
        if (read <= 0)
            return 0;
        Buffer.BlockCopy(_buffer, within, buffer, offset, read);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _remote?.Dispose();
        base.Dispose(disposing);
    }

    // Loads the block at the position. False if the key is missing.
    private async Task<bool> TryLoadAsync(CancellationToken cancellationToken)
    {
        var block = _position / BlockCache.BlockSize;
        if (block == _block)
            return true;
        _block = -1;
        if (!TryReadCached(block))
        {
            // One of several readers of a block fetches it.
            var fetching = _store.GateOf(_hex, block);
            await fetching.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (!TryReadCached(block) && !await TryFetchAsync(block, cancellationToken).ConfigureAwait(false))
                    return false;
            }
            finally
            {
                fetching.Release();
            }
        }
        _block = block;
        return true;
    }

    // Only the store decides that an object ends before the end of the read. A shorter block may come from a time when the
    // object was damaged.
    private bool TryReadCached(long block)
    {
        _count = _store.Cache.TryRead(_hex, block, _buffer);
        return _count == BlockCache.BlockSize
            || (_count >= 0 && (_end is not { } end || block * BlockCache.BlockSize + _count >= end));
    }

    private async Task<bool> TryFetchAsync(long block, CancellationToken cancellationToken)
    {
        // A cached block at which the remote stream ends may have been removed since.
        if (_remote is null || block != _remoteBlock || block >= _remoteEnd)
        {
            var blocks = BlocksFrom(block);
            _remote?.Dispose();
            _remote = await _store
                .Inner.OpenReadAsync(
                    _key,
                    block * BlockCache.BlockSize,
                    blocks * BlockCache.BlockSize,
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (_remote is null)
                return false;
            _remoteEnd = blocks is { } count ? block + count : long.MaxValue;
        }
        _count = await _remote
            .ReadFullyAsync(_buffer, 0, BlockCache.BlockSize, cancellationToken)
            .ConfigureAwait(false);
        _remoteBlock = block + 1;
        // 0 if the object ends at the end of a block.
        if (_count > 0)
            _store.Cache.Write(_hex, block, _buffer, _count);
        return true;
    }

    // Number of blocks to request: up to the next cached block, or the end of the read. Null for all to the end of the object.
    private long? BlocksFrom(long block)
    {
        var last = _end is { } end ? (Math.Max(end, 1) - 1) / BlockCache.BlockSize : long.MaxValue;
        var next = block + 1;
        // The length of the object is unknown, so a missing block may be past its end.
        while (next <= last && !_store.Cache.Has(_hex, next))
        {
            if (_end is null)
                return null;
            next++;
        }
        return next - block;
    }
}
