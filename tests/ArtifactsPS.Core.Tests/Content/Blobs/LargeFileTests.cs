using System.Security.Cryptography;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Content.Blobs;

public sealed class LargeFileTests : IAsyncDisposable
{
    private readonly CountingObjectStore _store = new(new MemoryObjectStore());
    private readonly TemporaryFolder _folder = new();
    private readonly ContentWriter _writer;

    public LargeFileTests() => _writer = new ContentWriter(_store);

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_234_567)]
    public async Task File_of_8_MiB_becomes_object_named_by_digest(int more)
    {
        var bytes = Random(ContentWriter.LargeFileSize + more);
        var blob = await AddAsync(_folder.Write("large.bin", bytes));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), blob.Digest.Hex);
        Assert.Equal((bytes.Length, 0L), (blob.Size, blob.Location.Offset));
        Assert.Equal([(StoreLayout.ObjectKey(blob.Digest), (long)bytes.Length)], _store.Creations);
        Assert.Equal(bytes, await new ContentReader(_store).ReadAsync(blob, Token));
    }

    [Fact]
    public async Task Smaller_file_is_stored_in_pack()
    {
        await AddAsync(_folder.Write("one", Random(ContentWriter.LargeFileSize - 1)));
        await AddAsync(_folder.Write("two", "small"));
        await _writer.FlushAsync(Token);
        Assert.Equal(ContentWriter.LargeFileSize - 1 + 5, Assert.Single(_store.Creations).Length);
    }

    [Fact]
    public async Task Equal_large_files_share_one_object()
    {
        var bytes = Random(ContentWriter.LargeFileSize + 5);
        var one = await AddAsync(_folder.Write("one", bytes));
        var two = await AddAsync(_folder.Write("two", bytes));
        Assert.Equal(one.Digest, two.Digest);
        Assert.Single(_store.Creations);
        Assert.Equal(StoreLayout.ObjectKey(one.Digest), _store.Creations[0].Key);
    }

    [Fact]
    public async Task Unchanged_large_file_is_hashed_but_not_written()
    {
        var file = _folder.Write("large", Random(ContentWriter.LargeFileSize + 5));
        var known = await AddAsync(file);
        _store.Reset();
        var again = await _writer.AddFileAsync(file, None, () => new(known), new TransferProgress(), Token);
        Assert.Equal(known, again.Blob);
        Assert.Empty(_store.KeysOf("stage"));
    }

    [Fact]
    public async Task Changed_large_file_of_same_size_is_stored()
    {
        var known = await AddAsync(_folder.Write("large", Random(ContentWriter.LargeFileSize + 5)));
        var bytes = Random(ContentWriter.LargeFileSize + 5, seed: 2);
        var (blob, _) = await _writer.AddFileAsync(
            _folder.Write("large", bytes),
            None,
            () => new(known),
            new TransferProgress(),
            Token
        );
        await _writer.FlushAsync(Token);
        Assert.NotEqual(known.Digest, blob.Digest);
        Assert.Equal(bytes, await new ContentReader(_store).ReadAsync(blob, Token));
    }

    [Fact]
    public async Task Progress_counts_bytes_once()
    {
        var file = _folder.Write("large", Random(ContentWriter.LargeFileSize + 5));
        var progress = new TransferProgress();
        await _writer.AddFileAsync(file, None, null, progress, Token);
        Assert.Equal(ContentWriter.LargeFileSize + 5, progress.Bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    public async Task Store_failure_is_reported_and_leaves_no_object(int operation)
    {
        var failing = new FailingObjectStore(_store);
        await using var writer = new ContentWriter(failing);
        var file = _folder.Write("large", Random(ContentWriter.LargeFileSize + 5));
        failing.FailAt(operation);
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            writer.AddFileAsync(file, None, null, new TransferProgress(), Token)
        );
        Assert.Empty(_store.Creations);
        await writer.AddFileAsync(file, None, null, new TransferProgress(), Token);
        Assert.Single(_store.Creations);
    }

    [Fact]
    public async Task Cancelled_large_file_leaves_no_object()
    {
        var file = _folder.Write("large", Random(4 * ContentWriter.LargeFileSize));
        using var cancellation = new CancellationTokenSource();
        var cancelling = new FirstWriteHook(_store, () => cancellation.Cancel());
        await using var writer = new ContentWriter(cancelling);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            writer.AddFileAsync(file, None, null, new TransferProgress(), cancellation.Token)
        );
        Assert.Empty(_store.Creations);
    }

    private async Task<Blob> AddAsync(string path) =>
        (await _writer.AddFileAsync(path, None, null, new TransferProgress(), Token)).Blob;

    private static byte[] Random(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static ValueTask<BlobLocation?> None(Digest digest, long size) => default;
}
