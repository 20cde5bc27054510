using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage;

/// <summary>
/// Reads at most so many bytes of a stored value; a medium that fails meanwhile is told of as the store's. Reads at once,
/// also where it is asked to do so later: a file keeps a thread while it is read in any case, and what is mostly in memory
/// already is read sooner than it is handed to another thread.
/// </summary>
/// <param name="inner">The value, owned.</param>
/// <param name="limit">How many bytes.</param>
/// <param name="location">The store's, for messages.</param>
internal sealed class StoredStream(Stream inner, long limit, string location) : ForwardStream
{
    private long _left = limit;

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return Counted(inner.Read(buffer, offset, (int)Math.Min(count, _left)));
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, location);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Read(buffer, offset, count));
    }

#if NET
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Counted(inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]));
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, location);
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<int>(Read(buffer.Span));
    }
#endif

    private int Counted(int read)
    {
        _left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
