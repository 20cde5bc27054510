using ArtifactsPS.Platform;

namespace ArtifactsPS.Stores;

/// <summary>Reads at most so many bytes of a stored value; a medium that fails meanwhile is told of as the store's.</summary>
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

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        try
        {
            return Counted(
                await inner
                    .ReadAsync(buffer, offset, (int)Math.Min(count, _left), cancellationToken)
                    .ConfigureAwait(false)
            );
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, location);
        }
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

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var piece = buffer[..(int)Math.Min(buffer.Length, _left)];
            return Counted(await inner.ReadAsync(piece, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, location);
        }
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
