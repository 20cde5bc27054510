using System.Collections.Concurrent;

namespace ArtifactsPS.Core.Tests.Content.Packs;

/// <summary>Batches of a remote store that are read ahead of the work.</summary>
public sealed class BatchQueueTests
{
    // Largest number of tiny blobs in a batch.
    private const int BatchSize = 1 << 12;
    private const int LoadedAtOnce = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MemoryObjectStore _memory = new();
    private readonly RemoteStore _store;

    public BatchQueueTests() => _store = new RemoteStore(_memory);

    [Fact]
    public async Task Batches_of_an_object_are_received_as_one_range()
    {
        var (first, second) = (Pack("first", 3 * BatchSize), Pack("second", BatchSize));
        var blobs = Enumerable
            .Range(0, 2 * BatchSize + 10)
            .Select(offset => At(first, offset))
            // Unused bytes are not worth a request.
            .Concat(Enumerable.Range(2 * BatchSize + 100, 10).Select(offset => At(first, offset)))
            .Concat(Enumerable.Range(5, 10).Select(offset => At(second, offset)));
        var read = new ConcurrentBag<int>();

        await ProcessAsync(
            blobs,
            (batch, bytes) =>
            {
                Assert.NotNull(bytes);
                var stored = _memory[batch.Items[0].Blob.Location.Object.Key]
                    .AsSpan((int)batch.Start, (int)batch.Length);
                Assert.True(stored.SequenceEqual(bytes.AsSpan(0, (int)batch.Length)));
                foreach (var (item, _) in batch.Items)
                    read.Add(item);
                return Task.CompletedTask;
            }
        );

        Assert.Equal([(0, 2 * BatchSize + 110), (5, 10L)], _store.Reads.Order());
        Assert.Equal(2 * BatchSize + 30, read.Count);
    }

    [Fact]
    public async Task Batches_are_read_during_work_within_memory_limit()
    {
        const int batches = 3 * LoadedAtOnce;
        var pack = Pack("pack", batches * BatchSize);
        var finished = 0;
        var most = 0L;
        var read = 0L;
        var areLoaded = new TaskCompletionSource();
        _store.Received = count =>
        {
            var loaded = (Interlocked.Add(ref read, count) + BatchSize - 1) / BatchSize - Volatile.Read(ref finished);
            most = Math.Max(most, loaded);
            if (loaded == LoadedAtOnce)
                areLoaded.TrySetResult();
        };

        await ProcessAsync(
            Enumerable.Range(0, batches * BatchSize).Select(offset => At(pack, offset)),
            async (_, _) =>
            {
                await areLoaded.Task.WaitAsync(Patience, Token);
                Interlocked.Increment(ref finished);
            }
        );

        Assert.Equal(batches, finished);
        Assert.Equal(LoadedAtOnce, most);
    }

    [Fact]
    public async Task Batches_of_damaged_object_are_left_to_the_work()
    {
        var pack = Pack("pack", 3 * BatchSize);
        var key = pack.Key;
        _memory[key] = _memory[key][..(2 * BatchSize - 1)];
        var unread = new ConcurrentBag<long>();

        await ProcessAsync(
            Enumerable.Range(0, 3 * BatchSize).Select(offset => At(pack, offset)),
            (batch, bytes) =>
            {
                if (bytes is null)
                    unread.Add(batch.Start);
                return Task.CompletedTask;
            }
        );

        Assert.Equal([BatchSize, 2 * BatchSize], unread.Order());
    }

    [Fact]
    public async Task Failure_of_work_ends_reading()
    {
        var pack = Pack("pack", 40 * BatchSize);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ProcessAsync(
                Enumerable.Range(0, 40 * BatchSize).Select(offset => At(pack, offset)),
                (_, _) => throw new InvalidOperationException("failed")
            )
        );
        Assert.Equal("failed", error.Message);
    }

    [Fact]
    public async Task Failure_ends_readers_that_wait_for_memory()
    {
        var workers = Math.Clamp(Environment.ProcessorCount, 2, 8);
        var pack = Pack("pack", 40 * BatchSize);
        var read = 0L;
        var areLoaded = new TaskCompletionSource();
        _store.Received = count =>
        {
            if (Interlocked.Add(ref read, count) >= LoadedAtOnce * BatchSize)
                areLoaded.TrySetResult();
        };
        var large = Enumerable
            .Range(0, workers)
            .Select(i => (i, new Blob(default, 5 << 20, new BlobLocation(new StoredObject(Sha256.Of([(byte)i])), 0))));

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ProcessAsync(
                    large.Concat(Enumerable.Range(0, 40 * BatchSize).Select(offset => At(pack, offset))),
                    async (_, bytes) =>
                    {
                        if (bytes is not null)
                            return;
                        await areLoaded.Task.WaitAsync(Patience, Token);
                        throw new InvalidOperationException();
                    }
                )
                .WaitAsync(Patience, Token)
        );
    }

    private async Task ProcessAsync(IEnumerable<(int, Blob)> blobs, Func<BlobBatch<int>, byte[]?, Task> work)
    {
        using var queue = new BatchQueue<int>(
            new ContentReader(_store),
            (batch, bytes, _) => work(batch, bytes),
            Token
        );
        foreach (var batch in BlobBatch<int>.Plan(blobs))
            await queue.AddAsync(batch);
        await queue.CompleteAsync();
    }

    private StoredObject Pack(string name, int length)
    {
        var pack = new StoredObject(Sha256.Of(System.Text.Encoding.UTF8.GetBytes(name)));
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        _memory[pack.Key] = bytes;
        return pack;
    }

    private static (int, Blob) At(StoredObject pack, int offset) =>
        (offset, new Blob(default, 1, new BlobLocation(pack, offset)));

    private sealed class RemoteStore(MemoryObjectStore memory) : StoreDecorator(memory), IRemoteStore
    {
        public ConcurrentBag<(int Offset, long Length)> Reads { get; } = [];

        /// <summary>Called with each number of bytes that is received, one call at a time for a stream.</summary>
        public Action<int> Received { get; set; } = _ => { };

        protected override void Reading(string key, long offset, long? length) =>
            Reads.Add(((int)offset, length!.Value));

        protected override Stream Opened(Stream stream) => new ReceivedStream(stream, Received);
    }

    private sealed class ReceivedStream(Stream inner, Action<int> received) : ForwardStream
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            received(read);
            return read;
        }

        public override Task<int> ReadAsync(
            byte[] buffer,
            int offset,
            int count,
            CancellationToken cancellationToken
        ) => Task.FromResult(Read(buffer, offset, count));
    }
}
