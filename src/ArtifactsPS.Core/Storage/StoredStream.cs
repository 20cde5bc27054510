using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage;

/// <summary>
/// Reads a limited number of bytes of a stored value, and reports failures of the medium as the store's. Asynchronous reads
/// complete synchronously: reading a file occupies a thread anyway, and cached bytes are read faster than a thread switches.
/// </summary>
/// <param name="inner">The value; owned.</param>
/// <param name="limit">Largest number of bytes.</param>
/// <param name="location">Location of the store, for messages.</param>
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
