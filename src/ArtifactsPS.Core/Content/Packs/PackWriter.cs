using System.Threading.Channels;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Packs;

/// <summary>
/// Fills one pack. A small pack stays in memory until it is durable, so that it can be written again after a failure. A
/// larger one is written by a background task while it is filled; a failure loses it. Not safe for concurrent callers.
/// </summary>
internal sealed class PackWriter(
    IObjectStore store,
    ReliedObjects objects,
    PackWriter.BufferPool buffers,
    CancellationToken lifetime
)
{
    /// <summary>Length in bytes up to which a pack is kept in memory.</summary>
    internal const int MaxInMemory = 8 << 20;

    private const int BufferSize = 1 << 20;
    private const int BuffersInFlight = 4;
    private readonly List<(byte[] Bytes, int Count)> _kept = [];
    private Channel<(byte[] Bytes, int Count)>? _stream;
    private byte[]? _buffer;
    private int _used;
    private Task? _writing;

    public PendingPack Pack { get; } = new();

    /// <summary>Length in bytes of everything appended so far.</summary>
    public long Length { get; private set; }

    /// <summary>Whether the pack is written in the background, because it is too large to be kept in memory.</summary>
    public bool IsStreamed => _writing is not null;

    /// <summary>Completes when a streamed pack that was sealed is durable in the store.</summary>
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
            await EndBufferAsync(_buffer).ConfigureAwait(false);
            if (!IsStreamed && Length > MaxInMemory)
                Stream();
        }
        return offset;
    }

    /// <summary>Writes a pack that is in memory. After a failure or cancellation it is unchanged, and can be filled further and
    /// written again.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime);
        using var hash = new Sha256();
        Digest digest;
        var staged = await store.StageAsync(both.Token).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            foreach (var (bytes, count) in _kept)
                await WriteAsync(bytes, count).ConfigureAwait(false);
            if (_buffer is { } last)
                await WriteAsync(last, _used).ConfigureAwait(false);
            digest = hash.Finish();
            await staged.CommitAsync(StoreLayout.ObjectKey(digest), both.Token).ConfigureAwait(false);
        }
        objects.Add(digest, Length);
        Pack.Seal(digest);
        ReturnBuffers();

        ValueTask WriteAsync(byte[] bytes, int count)
        {
            hash.Append(bytes, 0, count);
            return staged.WriteAsync(bytes.AsMemory(0, count), both.Token);
        }
    }

    /// <summary>Ends a streamed pack. Writing may continue in the background: see <see cref="Stored"/>.</summary>
    public async ValueTask SealAsync()
    {
        if (_buffer is { } last)
            await EndBufferAsync(last).ConfigureAwait(false);
        _stream!.Writer.TryComplete();
    }

    /// <summary>Discards the pack. Nothing of it reaches the store.</summary>
    public async ValueTask AbandonAsync()
    {
        _stream?.Writer.TryComplete(new OperationCanceledException());
        // Any failure was already reported to a caller that appended or sealed; it must not hide a later one.
        await Task.WhenAny(Stored).ConfigureAwait(false);
    }

    // The background task writes the buffers that were kept first.
    private void Stream()
    {
        _stream = Channel.CreateBounded<(byte[], int)>(
            new BoundedChannelOptions(BuffersInFlight) { SingleReader = true, SingleWriter = true }
        );
        var reader = _stream.Reader;
        _writing = Task.Run(() => StreamAsync(reader), CancellationToken.None);
    }

    private async ValueTask EndBufferAsync(byte[] buffer)
    {
        var full = (buffer, _used);
        (_buffer, _used) = (null, 0);
        if (_stream is null)
        {
            _kept.Add(full);
            return;
        }
        if (!_stream.Writer.TryWrite(full))
            // If the writing task has failed, the channel is closed; report the task's failure instead.
            try
            {
                await _stream.Writer.WriteAsync(full).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                await Stored.ConfigureAwait(false);
                throw;
            }
    }

    private async Task StreamAsync(ChannelReader<(byte[] Bytes, int Count)> reader)
    {
        try
        {
            using var hash = new Sha256();
            var staged = await store.StageAsync(lifetime).ConfigureAwait(false);
            await using (staged.ConfigureAwait(false))
            {
                foreach (var kept in _kept)
                    await WriteAsync(kept).ConfigureAwait(false);
                _kept.Clear();
                while (await reader.WaitToReadAsync(lifetime).ConfigureAwait(false))
                while (reader.TryRead(out var full))
                    await WriteAsync(full).ConfigureAwait(false);
                var digest = hash.Finish();
                Pack.Seal(digest);
                await staged.CommitAsync(StoreLayout.ObjectKey(digest), lifetime).ConfigureAwait(false);
                objects.Add(digest, Length);
            }

            async ValueTask WriteAsync((byte[] Bytes, int Count) full)
            {
                hash.Append(full.Bytes, 0, full.Count);
                await staged.WriteAsync(full.Bytes.AsMemory(0, full.Count), lifetime).ConfigureAwait(false);
                buffers.Return(full.Bytes);
            }
        }
        catch (Exception e)
        {
            _stream!.Writer.TryComplete(e);
            Pack.Lose(e);
            throw;
        }
    }

    private void ReturnBuffers()
    {
        foreach (var (bytes, _) in _kept)
            buffers.Return(bytes);
        _kept.Clear();
        if (_buffer is { } last)
            buffers.Return(last);
        _buffer = null;
    }

    /// <summary>Reusable buffers of one size. Safe for concurrent callers.</summary>
    internal sealed class BufferPool
    {
        private readonly System.Collections.Concurrent.ConcurrentBag<byte[]> _free = [];

        public byte[] Rent() => _free.TryTake(out var buffer) ? buffer : new byte[BufferSize];

        public void Return(byte[] buffer) => _free.Add(buffer);
    }
}
