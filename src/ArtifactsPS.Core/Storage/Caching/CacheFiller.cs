using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Caching;

/// <summary>Keeps what is on its way to a store in the cache, once it has arrived and so has a name. What comes to too much
/// isn't kept.</summary>
internal sealed class CacheFiller(BlockCache cache) : IDisposable
{
    // A name of its own until then; no digest begins so.
    private readonly string _draft = "--" + Guid.NewGuid().ToString("N");
    private byte[]? _buffer = new byte[BlockCache.BufferSize];
    private int _used;
    private long _blocks;

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && _buffer is { } buffer)
        {
            var count = Math.Min(bytes.Length, BlockCache.BlockSize - _used);
            bytes.Slice(0, count).CopyTo(buffer.AsSpan(_used));
            bytes = bytes.Slice(count);
            _used += count;
            if (_used == BlockCache.BlockSize)
                Pass();
            if (_blocks * BlockCache.BlockSize > cache.LargestObject)
                Dispose();
        }
    }

    /// <summary>Keeps it under the object's digest.</summary>
    public void Keep(string hex)
    {
        if (_buffer is null)
            return;
        if (_used > 0)
            Pass();
        cache.Rename(_draft, hex);
        _buffer = null;
    }

    /// <summary>Drops what wasn't kept.</summary>
    public void Dispose()
    {
        if (_buffer is null)
            return;
        _buffer = null;
        if (_blocks > 0)
            cache.Remove(_draft);
    }

    private void Pass()
    {
        cache.Write(_draft, _blocks++, _buffer!, _used);
        _used = 0;
    }
}
