using System.Threading.Channels;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Packs;

/// <summary>
/// One pack being filled. Blobs are copied into chunks; a task of its own hashes and writes full chunks, so that
/// whoever appends rarely waits. One that never filled a chunk is written by whoever seals it. Not for concurrent callers.
/// </summary>
internal sealed class PackWriter
{
    private const int ChunkSize = 1 << 20;
    private const int ChunksInFlight = 4;

    private readonly IObjectStore _store;
    private readonly ObjectProtection _held;
    private readonly BufferPool _buffers;
    private readonly CancellationToken _cancellationToken;
    private readonly Channel<(byte[] Bytes, int Count)> _chunks = Channel.CreateBounded<(byte[], int)>(
        new BoundedChannelOptions(ChunksInFlight) { SingleReader = true, SingleWriter = true }
    );
    private readonly TaskCompletionSource<bool> _digestKnown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[]? _chunk;
    private int _used;
    private Task? _writing;

    public PackWriter(
        IObjectStore store,
        ObjectProtection held,
        BufferPool buffers,
        CancellationToken cancellationToken
    )
    {
        _store = store;
        _held = held;
        _buffers = buffers;
        _cancellationToken = cancellationToken;
        // A failure is told by Stored; nobody need be waiting for the digest.
        _ = _digestKnown.Task.ContinueWith(
            task => task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default
        );
    }

    public ObjectHandle Object { get; } = new();

    /// <summary>In bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Once the pack is sealed, completes when it is durable in the store.</summary>
    public Task Stored => _writing ?? Task.CompletedTask;

    /// <summary>Completes once the pack is sealed and <see cref="Object"/> has its digest.</summary>
    public Task DigestKnown => _digestKnown.Task;

    /// <summary>Appends a blob's bytes.</summary>
    /// <returns>Where it begins, in bytes.</returns>
    public async ValueTask<long> AppendAsync(ReadOnlyMemory<byte> bytes)
    {
        var offset = Length;
        Length += bytes.Length;
        while (bytes.Length > 0)
        {
            _chunk ??= _buffers.Rent();
            var count = Math.Min(bytes.Length, _chunk.Length - _used);
            bytes.Slice(0, count).CopyTo(_chunk.AsMemory(_used));
            bytes = bytes.Slice(count);
            _used += count;
            if (_used < _chunk.Length)
                continue;
            await PassOnAsync().ConfigureAwait(false);
            _writing ??= Task.Run(WriteAsync, CancellationToken.None);
        }
        return offset;
    }

    /// <summary>Ends the pack. What follows may go on in the background: see <see cref="Stored"/>.</summary>
    public async ValueTask SealAsync()
    {
        if (_used > 0)
            await PassOnAsync().ConfigureAwait(false);
        _chunks.Writer.TryComplete();
        _writing ??= WriteAsync();
    }

    /// <summary>Drops the pack: nothing of it reaches the store.</summary>
    public async ValueTask AbandonAsync()
    {
        _chunks.Writer.TryComplete(new OperationCanceledException());
        // However it ends: a failure before was told to whoever appended or sealed, and must not hide another one.
        await Task.WhenAny(Stored).ConfigureAwait(false);
    }

    private async ValueTask PassOnAsync()
    {
        var chunk = (_chunk!, _used);
        (_chunk, _used) = (null, 0);
        if (!_chunks.Writer.TryWrite(chunk))
            // Where the writing task has failed the channel is closed, and the failure itself is what to tell.
            try
            {
                await _chunks.Writer.WriteAsync(chunk).ConfigureAwait(false);
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
                while (await _chunks.Reader.WaitToReadAsync(_cancellationToken).ConfigureAwait(false))
                while (_chunks.Reader.TryRead(out var chunk))
                {
                    staged ??= await _store.StageAsync(_cancellationToken).ConfigureAwait(false);
                    hash.Append(chunk.Bytes, 0, chunk.Count);
                    await staged
                        .WriteAsync(chunk.Bytes.AsMemory(0, chunk.Count), _cancellationToken)
                        .ConfigureAwait(false);
                    _buffers.Return(chunk.Bytes);
                }
                Object.Digest = hash.Finish();
                _digestKnown.TrySetResult(true);
                if (staged is not null)
                    await _held.CommitAsync(staged, Object.Digest.Value, _cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                if (staged is not null)
                    await staged.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            _chunks.Writer.TryComplete(e);
            _digestKnown.TrySetException(e);
            throw;
        }
    }

    /// <summary>Chunk buffers, used again and again.</summary>
    internal sealed class BufferPool
    {
        private readonly System.Collections.Concurrent.ConcurrentBag<byte[]> _free = [];

        public byte[] Rent() => _free.TryTake(out var buffer) ? buffer : new byte[ChunkSize];

        public void Return(byte[] buffer) => _free.Add(buffer);
    }
}
