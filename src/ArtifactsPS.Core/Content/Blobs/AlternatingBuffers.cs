namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Buffers that are used in turn, and rented when they are first used. Disposing returns them.</summary>
/// <param name="count">Number of buffers.</param>
/// <param name="size">Length of each in bytes.</param>
internal sealed class AlternatingBuffers(int count, int size) : IDisposable
{
    private readonly List<byte[]> _rented = new(count);
    private int _used;

    /// <summary>Returns the buffer that was used longest ago.</summary>
    public byte[] Next()
    {
        var turn = _used++ % count;
        if (turn == _rented.Count)
            _rented.Add(BlobBuffers.Rent(size));
        return _rented[turn];
    }

    public void Dispose()
    {
        foreach (var buffer in _rented)
            BlobBuffers.Return(buffer);
        _rented.Clear();
    }
}
