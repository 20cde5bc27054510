using System.Buffers;
using System.Runtime.InteropServices;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>
/// Reads a value in ranges, one after the other. Of a long value, the next ranges are read ahead in parallel, within the
/// memory limit of the store.
/// </summary>
/// <param name="first">The first range, which identifies the value; owned.</param>
/// <param name="offset">Offset of the first range in bytes.</param>
/// <param name="end">End offset in bytes, within the value.</param>
internal sealed class BucketReadStream(BucketReader reader, string key, BucketRead first, long offset, long end)
    : ForwardStream
{
    private const int RangesAhead = 3;

    private readonly CancellationTokenSource _closed = new();
    private readonly Queue<(long Start, Task<MemoryStream> Bytes)> _ahead = new();
    private readonly string _writer = first.Writer;
    private RangeReader? _direct = new(reader, key, first.Writer, offset, EndOfRange(offset, end), first);
    private MemoryStream? _current;
    private long _next = EndOfRange(offset, end);

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (count == 0)
            return 0;
        ReadAhead();
        while (true)
        {
            if (_current is not null)
            {
                var read = _current.Read(buffer, offset, count);
                if (read > 0)
                    return read;
                Release(_current);
                _current = null;
            }
            if (_direct is { IsAtEnd: false })
                return await _direct.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
            _direct?.Dispose();
            _direct = null;
            if (_ahead.Count > 0)
                _current = await TakeAsync(cancellationToken).ConfigureAwait(false);
            else if (_next < end)
                _direct = NextRange();
            else
                return 0;
            ReadAhead();
        }
    }

#if NET
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (MemoryMarshal.TryGetArray<byte>(buffer, out var array))
            return await ReadAsync(array.Array!, array.Offset, array.Count, cancellationToken).ConfigureAwait(false);
        var bytes = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            var read = await ReadAsync(bytes, 0, buffer.Length, cancellationToken).ConfigureAwait(false);
            bytes.AsMemory(0, read).CopyTo(buffer);
            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
#endif

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_closed.IsCancellationRequested)
        {
            _closed.Cancel();
            _direct?.Dispose();
            if (_current is not null)
                Release(_current);
            DropAhead();
            _closed.Dispose();
        }
        base.Dispose(disposing);
    }

    private static long EndOfRange(long start, long end) => Math.Min(end, start + BucketReader.RangeSize);

    private RangeReader NextRange()
    {
        var start = _next;
        _next = EndOfRange(start, end);
        return new RangeReader(reader, key, _writer, start, _next);
    }

    // Never waits for memory: waiting streams could hold memory that others wait for.
    private void ReadAhead()
    {
        while (_ahead.Count < RangesAhead && _next < end && reader.Ahead.Wait(0, CancellationToken.None))
        {
            var start = _next;
            var length = (int)(EndOfRange(start, end) - start);
            var range = NextRange();
            var stop = _closed.Token;
            _ahead.Enqueue((start, Task.Run(() => LoadAsync(range, length, stop), CancellationToken.None)));
        }
    }

    private async Task<MemoryStream> LoadAsync(RangeReader range, int length, CancellationToken cancellationToken)
    {
        try
        {
            using (range)
            {
                var bytes = await range.ReadAllAsync(cancellationToken).ConfigureAwait(false);
                return new MemoryStream(bytes, 0, length, writable: false, publiclyVisible: true);
            }
        }
        catch
        {
            _ = reader.Ahead.Release();
            throw;
        }
    }

    private async Task<MemoryStream> TakeAsync(CancellationToken cancellationToken)
    {
        var (start, next) = _ahead.Peek();
        var stopped = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (cancellationToken.Register(() => stopped.TrySetResult(true)))
            await Task.WhenAny(next, stopped.Task).ConfigureAwait(false);
        // A range that is still being read stays in the queue, and is dropped with the stream.
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var taken = await next.ConfigureAwait(false);
            _ = _ahead.Dequeue();
            return taken;
        }
        catch
        {
            // The next read requests the range again, and doesn't skip it.
            DropAhead();
            _next = start;
            throw;
        }
    }

    private void DropAhead()
    {
        while (_ahead.Count > 0)
            _ = _ahead
                .Dequeue()
                .Bytes.ContinueWith(
                    task =>
                    {
                        if (task.Status == TaskStatus.RanToCompletion)
                            Release(task.Result);
                        _ = task.Exception;
                    },
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                );
    }

    private void Release(MemoryStream held)
    {
        reader.Buffers.Return(held.GetBuffer());
        _ = reader.Ahead.Release();
    }
}
