using System.Collections.Concurrent;
using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Content.Blobs;

public sealed class ContentWriterTests : IAsyncDisposable
{
    private readonly CountingObjectStore _store = new(new MemoryObjectStore());
    private readonly TemporaryFolder _folder = new();
    private readonly ContentWriter _writer;
    private readonly ContentReader _reader;

    public ContentWriterTests()
    {
        _writer = new ContentWriter(_store);
        _reader = new ContentReader(_store);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Small_blobs_are_contiguous_in_one_pack()
    {
        var blobs = new List<Blob>();
        foreach (var text in new[] { "one", "two!", "three" })
            blobs.Add(await AddAsync(text));
        await _writer.FlushAsync(Token);

        var (key, length) = Assert.Single(_store.Creations);
        Assert.Equal(12, length);
        Assert.Equal([0L, 3L, 7L], blobs.Select(blob => blob.Location.Offset));
        Assert.All(blobs, blob => Assert.Equal(key, blob.Location.Object.Key));
        Assert.Equal(key, StoreLayout.ObjectKey(Sha256.Of("onetwo!three"u8)));
        Assert.Equal("two!", await ReadAsync(blobs[1]));
    }

    [Fact]
    public async Task Nothing_is_stored_before_flush()
    {
        await AddAsync("one");
        Assert.Empty(_store.Creations);
        await _writer.FlushAsync(Token);
        Assert.Single(_store.Creations);
        await _writer.FlushAsync(Token);
        Assert.Single(_store.Creations);
    }

    [Fact]
    public async Task Content_of_full_packs_is_found_after_a_kill()
    {
        var random = new Random(1);
        var bytes = new byte[1 << 20];
        var added = new List<Blob>();
        while (!_store.Creations.Any(creation => creation.Key.StartsWith("index/", StringComparison.Ordinal)))
        {
            random.NextBytes(bytes);
            added.Add(await _writer.AddBytesAsync(bytes, ContentWriter.FindNothing, Token));
            Assert.InRange(added.Count, 1, 1000);
        }

        // Nothing was flushed.
        await using var next = new ContentWriter(_store);
        var found = 0;
        foreach (var blob in added)
            found += await next.FindStoredAsync(blob.Digest, blob.Size, Token) is null ? 0 : 1;

        Assert.Equal(ContentWriter.PackSize >> 20, found);
    }

    [Fact]
    public async Task Content_can_be_added_after_flush()
    {
        var one = await AddAsync("one");
        await _writer.FlushAsync(Token);
        var two = await AddAsync("two");
        await _writer.FlushAsync(Token);
        Assert.Equal(2, _store.Creations.Count);
        Assert.Equal("one", await ReadAsync(one));
        Assert.Equal("two", await ReadAsync(two));
    }

    [Fact]
    public async Task Equal_content_is_stored_once()
    {
        var first = await AddAsync("same");
        var second = await AddAsync("same");
        var file = await AddFileAsync(_folder.Write("[x] y.txt", "same"));
        await _writer.FlushAsync(Token);
        Assert.Equal(4, Assert.Single(_store.Creations).Length);
        Assert.Equal(first, second);
        Assert.Equal(first, file);
    }

    [Fact]
    public async Task Content_found_in_store_is_not_stored_again()
    {
        var known = new BlobLocation(new StoredObject(Sha256.Of("pack"u8)), 17);
        var blob = await _writer.AddBytesAsync("known"u8.ToArray(), (_, _) => new(known), Token);
        await _writer.FlushAsync(Token);
        Assert.Equal(known, blob.Location);
        Assert.Empty(_store.Creations);
    }

    [Fact]
    public async Task Empty_blob_has_no_location()
    {
        var bytes = await AddAsync("");
        var file = await AddFileAsync(_folder.Write("empty", ""));
        await _writer.FlushAsync(Token);
        Assert.Equal(new Blob(Digest.OfNothing, 0, default), bytes);
        Assert.Equal(bytes, file);
        Assert.Empty(_store.Creations);
        Assert.Equal("", await ReadAsync(bytes));
    }

    [Fact]
    public async Task Pack_ends_at_64_MiB()
    {
        const int Size = 5 << 20;
        var blobs = new List<Blob>();
        for (var i = 0; i < 15; i++)
        {
            var bytes = new byte[Size];
            new Random(i).NextBytes(bytes);
            blobs.Add(await _writer.AddBytesAsync(bytes, None, Token));
        }
        await _writer.FlushAsync(Token);
        // A full pack enters the index while later content is written, or with the last pack.
        var packs = _store.Creations.Where(creation => StoreLayout.IsObject(creation.Key));
        Assert.Equal([2L * Size, 13L * Size], packs.Select(creation => creation.Length).Order());
        Assert.True(13L * Size >= ContentWriter.PackSize && 12L * Size < ContentWriter.PackSize);
        Assert.Equal((12L * Size, 0L), (blobs[12].Location.Offset, blobs[13].Location.Offset));
        Assert.NotEqual(blobs[12].Location.Object.Key, blobs[13].Location.Object.Key);
        foreach (var blob in blobs)
            Assert.Equal(Size, (await _reader.ReadAsync(blob, Token)).Length);
    }

    [Fact]
    public async Task Concurrently_added_content_is_stored_once_and_complete()
    {
        const int Contents = 500;
        var blobs = new ConcurrentBag<(string Text, Blob Blob)>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 4 * Contents),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token },
            async (i, _) =>
            {
                var text = $"{i % Contents} " + new string('x', i % Contents * 7);
                blobs.Add((text, await AddAsync(text)));
            }
        );
        await _writer.FlushAsync(Token);

        Assert.Equal(Contents, blobs.Select(item => item.Blob.Location).Distinct().Count());
        Assert.Equal(
            blobs.DistinctBy(item => item.Text).Sum(item => item.Blob.StoredLength),
            _store.Creations.Sum(c => c.Length)
        );
        foreach (var (text, blob) in blobs)
            Assert.Equal(text, await ReadAsync(blob));
    }

    [Fact]
    public async Task Self_referring_page_receives_its_containing_pack()
    {
        var content = await AddAsync("content");
        var referred = "";
        var (location, size) = await _writer.AppendSelfReferringAsync(
            pack =>
            {
                referred = pack == content.Location.Container ? "this" : "another";
                Assert.Null(pack.StoredOrDefault);
                return "page"u8.ToArray();
            },
            Token
        );
        await _writer.FlushAsync(Token);
        Assert.Equal("this", referred);
        Assert.Equal((7L, 4), (location.Offset, size));
        Assert.Equal(content.Location.Object.Key, location.Object.Key);
        Assert.NotNull(location.StoredIn);
    }

    [Fact]
    public async Task Equal_pack_is_found_instead_of_written_again()
    {
        await AddAsync("same");
        await _writer.FlushAsync(Token);
        await using var other = new ContentWriter(_store);
        var blob = await other.AddBytesAsync("same"u8.ToArray(), None, Token);
        await other.FlushAsync(Token);
        Assert.Single(_store.Creations);
        Assert.Equal(blob.Location.Object.Key, _store.Creations[0].Key);
    }

    [Fact]
    public async Task Writer_disposed_without_flush_stores_nothing()
    {
        await AddAsync("never");
        await _writer.DisposeAsync();
        await _writer.DisposeAsync();
        Assert.Empty(_store.Creations);
    }

    [Fact]
    public async Task Flush_after_store_failure_stores_everything()
    {
        var failing = new FailingObjectStore(_store);
        await using var writer = new ContentWriter(failing);
        foreach (var operation in new[] { "stage", "write", "commit" })
        {
            failing.FailAt(1, operation);
            var first = await writer.AddBytesAsync(Encoding.UTF8.GetBytes($"{operation} first"), None, Token);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => writer.FlushAsync(Token));
            Assert.Null(first.Location.StoredIn);
            var second = await writer.AddBytesAsync(Encoding.UTF8.GetBytes($"{operation} second"), None, Token);
            await writer.FlushAsync(Token);
            Assert.Equal($"{operation} first", await ReadAsync(first));
            Assert.Equal($"{operation} second", await ReadAsync(second));
        }
    }

    [Fact]
    public async Task Lost_pack_is_reported_once_and_stored_again()
    {
        var failing = new FailingObjectStore(_store);
        await using var writer = new ContentWriter(failing);
        await AddPackAsync();
        failing.FailAt(1, "commit");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => writer.FlushAsync(Token));
        Assert.True(await writer.DropLostAsync(Token));
        await writer.FlushAsync(Token);
        Assert.Empty(_store.Creations);

        var blobs = await AddPackAsync();
        await writer.FlushAsync(Token);
        foreach (var blob in blobs)
            Assert.Equal(blob.Digest, Sha256.Of(await _reader.ReadAsync(blob, Token)));

        async Task<List<Blob>> AddPackAsync()
        {
            var added = new List<Blob>();
            for (var i = 0; i < 12; i++)
                added.Add(await writer.AddBytesAsync(SampleContent.Random(1 << 20, i), None, Token));
            return added;
        }
    }

    [Fact]
    public async Task Store_failure_within_pack_fails_add()
    {
        var failing = new FailingObjectStore(_store);
        await using var writer = new ContentWriter(failing);
        failing.FailAt(3);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            for (var i = 0; i < 64; i++)
            {
                var bytes = new byte[1 << 20];
                new Random(i).NextBytes(bytes);
                await writer.AddBytesAsync(bytes, None, Token);
            }
        });
    }

    private async Task<Blob> AddAsync(string text) =>
        await _writer.AddBytesAsync(Encoding.UTF8.GetBytes(text), None, Token);

    private async Task<Blob> AddFileAsync(string path) =>
        (await _writer.AddFileAsync(path, None, null, new TransferProgress(), Token)).Blob;

    private async Task<string> ReadAsync(Blob blob) => Encoding.UTF8.GetString(await _reader.ReadAsync(blob, Token));

    private static ValueTask<BlobLocation?> None(Digest digest, long size) => default;
}
