using System.Threading.Channels;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Packs;

/// <summary>
/// Fills one pack. Appending copies blobs into buffers; a background task hashes and writes full buffers. A pack that
/// fits into one buffer is written by the caller that seals it. Not safe for concurrent callers.
/// </summary>
internal sealed class PackWriter(
    IObjectStore store,
    ReliedObjects objects,
    PackWriter.BufferPool buffers,
    CancellationToken cancellationToken
)
{
    private const int BufferSize = 1 << 20;
    private const int BuffersInFlight = 4;
    private readonly Channel<(byte[] Bytes, int Count)> _full = Channel.CreateBounded<(byte[], int)>(
        new BoundedChannelOptions(BuffersInFlight) { SingleReader = true, SingleWriter = true }
    );
    private byte[]? _buffer;
    private int _used;
    private Task? _writing;

    public PendingPack Pack { get; } = new();

    /// <summary>Length in bytes of everything appended so far.</summary>
    public long Length { get; private set; }

    /// <summary>After <see cref="SealAsync"/>, completes when the pack is durable in the store.</summary>
    public Task Stored => _writing ?? Task.CompletedTask;

    /// <summary>Appends a blob's bytes.</summary>
    /// <returns>Offset of the first byte.</returns>
    public async ValueTask<long> AppendAsync(ReadOnlyMemory<byte> bytes)
    {
        var offset = Length;
        Length += bytes.Length;
        while (bytes.Length > 0)
        {
            _buffer ??= buffers.Rent();
            var count = Math.Min(bytes.Length, _buffer.Length - _used);
            bytes.Slice(0, count).CopyTo(_buffer.AsMemory(_used));
            bytes = bytes.Slice(count);
            _used += count;
            if (_used < _buffer.Length)
                continue;
            await QueueBufferAsync(_buffer).ConfigureAwait(false);
            _writing ??= Task.Run(WriteAsync, CancellationToken.None);
        }
        return offset;
    }

    /// <summary>Ends the pack. Writing may continue in the background: see <see cref="Stored"/>.</summary>
    public async ValueTask SealAsync()
    {
        if (_buffer is { } last)
            await QueueBufferAsync(last).ConfigureAwait(false);
        _full.Writer.TryComplete();
        _writing ??= WriteAsync();
    }

    /// <summary>Discards the pack. Nothing of it reaches the store.</summary>
    public async ValueTask AbandonAsync()
    {
        _full.Writer.TryComplete(new OperationCanceledException());
        // Any failure was already reported to a caller that appended or sealed; it must not hide a later one.
        await Task.WhenAny(Stored).ConfigureAwait(false);
    }

    private async ValueTask QueueBufferAsync(byte[] buffer)
    {
        var full = (buffer, _used);
        (_buffer, _used) = (null, 0);
        if (!_full.Writer.TryWrite(full))
            // If the writing task has failed, the channel is closed; report the task's failure instead.
            try
            {
                await _full.Writer.WriteAsync(full).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                await Stored.ConfigureAwait(false);
                throw;
            }
    }

    private async Task WriteAsync()
    {
        try
        {
            using var hash = new Sha256();
            IStagedObject? staged = null;
            try
            {
                while (await _full.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                while (_full.Reader.TryRead(out var full))
                {
                    staged ??= await store.StageAsync(cancellationToken).ConfigureAwait(false);
                    hash.Append(full.Bytes, 0, full.Count);
                    await staged
                        .WriteAsync(full.Bytes.AsMemory(0, full.Count), cancellationToken)
                        .ConfigureAwait(false);
                    buffers.Return(full.Bytes);
                }
                var digest = hash.Finish();
                Pack.Seal(digest);
                if (staged is not null)
                {
                    await staged.CommitAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false);
                    objects.Add(digest, Length);
                }
            }
            finally
            {
                if (staged is not null)
                    await staged.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            _full.Writer.TryComplete(e);
            Pack.Fail(e);
            throw;
        }
    }

    /// <summary>Reusable buffers of one size. Safe for concurrent callers.</summary>
    internal sealed class BufferPool
    {
        private readonly System.Collections.Concurrent.ConcurrentBag<byte[]> _free = [];

        public byte[] Rent() => _free.TryTake(out var buffer) ? buffer : new byte[BufferSize];

        public void Return(byte[] buffer) => _free.Add(buffer);
    }
}
