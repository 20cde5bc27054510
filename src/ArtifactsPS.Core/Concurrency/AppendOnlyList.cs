namespace ArtifactsPS.Core.Concurrency;

/// <summary>List that grows in chunks instead of copying its items, so that growing never doubles its memory.</summary>
internal sealed class AppendOnlyList<T>
{
    // With items of 64 bytes, a chunk stays below the threshold of the large object heap.
    private const int ItemsPerChunk = 1 << 10;

    private readonly List<T[]> _chunks = [];

    public int Count { get; private set; }

    private T this[int index] => _chunks[index / ItemsPerChunk][index % ItemsPerChunk];

    public void Add(T item)
    {
        var within = Count % ItemsPerChunk;
        if (within == 0)
            _chunks.Add(new T[ItemsPerChunk]);
        _chunks[_chunks.Count - 1][within] = item;
        Count++;
    }

    public T[] ToArray()
    {
        var all = new T[Count];
        for (var i = 0; i < _chunks.Count; i++)
            Array.Copy(_chunks[i], 0, all, i * ItemsPerChunk, Math.Min(ItemsPerChunk, Count - i * ItemsPerChunk));
        return all;
    }

    /// <summary>Returns the items that match a condition, in the order in which they were added.</summary>
    public T[] ToArray(Predicate<T> matches)
    {
        var count = 0;
        for (var i = 0; i < Count; i++)
            if (matches(this[i]))
                count++;
        var all = new T[count];
        count = 0;
        for (var i = 0; i < Count; i++)
            if (matches(this[i]))
                all[count++] = this[i];
        return all;
    }
}
