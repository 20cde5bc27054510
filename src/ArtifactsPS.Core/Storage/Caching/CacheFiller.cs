using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Caching;

/// <summary>Caches an object while it is written to a store. The blocks get their name once the object is stored. Too large objects are
/// not cached.</summary>
internal sealed class CacheFiller(BlockCache cache) : IDisposable
{
    // Temporary name. No digest starts with dashes.
    private readonly string _draft = "--" + Guid.NewGuid().ToString("N");
    private byte[]? _buffer = new byte[BlockCache.BufferSize];
    private int _used;
    private long _blocks;

    /// <summary>Adds the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && _buffer is { } buffer)
        {
            var count = Math.Min(bytes.Length, BlockCache.BlockSize - _used);
            bytes.Slice(0, count).CopyTo(buffer.AsSpan(_used));
            bytes = bytes.Slice(count);
            _used += count;
            if (_used == BlockCache.BlockSize)
                WriteBlock();
            if (_blocks * BlockCache.BlockSize > cache.LargestObject)
                Dispose();
        }
    }

    /// <summary>Names the blocks by the digest of the object.</summary>
    public void Keep(string hex)
    {
        if (_buffer is null)
            return;
        if (_used > 0)
            WriteBlock();
        cache.Rename(_draft, hex);
        _buffer = null;
    }

    /// <summary>Removes blocks that have no digest yet.</summary>
    public void Dispose()
    {
        if (_buffer is null)
            return;
        _buffer = null;
        if (_blocks > 0)
            cache.Remove(_draft);
    }

    private void WriteBlock()
    {
        cache.Write(_draft, _blocks++, _buffer!, _used);
        _used = 0;
    }
}
