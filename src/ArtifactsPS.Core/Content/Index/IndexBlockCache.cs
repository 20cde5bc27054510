using System.Collections.Concurrent;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>Recently read blocks of segments, about 12 MB. Safe for concurrent callers.</summary>
internal sealed class IndexBlockCache
{
    // 48 KB each. All of them are dropped when there are more.
    private const int MaxBlocks = 256;

    private readonly ConcurrentDictionary<(string Segment, int Block), byte[]> _blocks = new();
    private int _count;

    public byte[]? Find(string segment, int block) =>
        _blocks.TryGetValue((segment, block), out var bytes) ? bytes : null;

    public void Add(string segment, int block, byte[] bytes)
    {
        if (Interlocked.Increment(ref _count) > MaxBlocks)
        {
            _blocks.Clear();
            Interlocked.Exchange(ref _count, 1);
        }
        _blocks[(segment, block)] = bytes;
    }
}
