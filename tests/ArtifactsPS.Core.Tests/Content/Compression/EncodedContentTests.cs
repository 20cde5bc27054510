using ArtifactsPS.Core.Tests.Fixtures;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Content.Compression;

/// <summary>Every way of reading returns the content that was added, in each encoding.</summary>
public sealed class EncodedContentTests : IDisposable
{
    private const int MaxSize = 3 << 20;
    private const int Mebibyte = 1 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly CountingObjectStore _store = new(new MemoryObjectStore());

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 25)]
    public async Task Any_content_survives_a_round_trip(int seed)
    {
        var random = new Random(seed);
        var compression = random.Next(2) == 0 ? StoreCompression.Zstandard : StoreCompression.None;
        var contents = Enumerable.Range(0, random.Next(1, 6)).Select(_ => AnyContent(random)).ToList();
        await CheckRoundTripAsync(contents, compression);
    }

    [Theory]
    [InlineData(StoreCompression.Zstandard)]
    [InlineData(StoreCompression.None)]
    public Task Content_of_boundary_size_survives_a_round_trip(StoreCompression compression)
    {
        int[] sizes = [0, 1, 511, 512, 513, 1 << 17, (1 << 17) + 1, MaxSize];
        return CheckRoundTripAsync(
            [
                .. sizes.Select(size => new byte[size]),
                .. sizes.Select(size => SampleContent.Text(size, 1)),
                .. sizes.Select(size => SampleContent.Random(size, 2)),
            ],
            compression
        );
    }

    [Theory]
    [InlineData(StoreCompression.Zstandard, BlobEncoding.Zstandard)]
    [InlineData(StoreCompression.None, BlobEncoding.Raw)]
    public async Task Only_content_that_shrinks_is_compressed(StoreCompression compression, BlobEncoding encodingOfText)
    {
        await using var writer = new ContentWriter(_store, compression);
        var text = await AddAsync(writer, SampleContent.Text(10_000, 1));
        var random = await AddAsync(writer, SampleContent.Random(10_000, 1));
        var tiny = await AddAsync(writer, new byte[100]);
        await writer.FlushAsync(Token);
        Assert.Equal(
            [encodingOfText, BlobEncoding.Raw, BlobEncoding.Raw],
            new[] { text, random, tiny }.Select(blob => blob.Location.Encoding)
        );
        Assert.Equal(
            text.StoredLength + random.StoredLength + tiny.StoredLength,
            Assert.Single(_store.Creations).Length
        );
        Assert.Equal(compression == StoreCompression.None, text.StoredLength == text.Size);
    }

    [Theory]
    [InlineData(StoreCompression.Zstandard, 0.25)]
    [InlineData(StoreCompression.None, 1.0)]
    public async Task Large_text_is_stored_compressed(StoreCompression compression, double most)
    {
        var text = SampleContent.Text(12 * Mebibyte, 3);
        var blob = await AddFileAsync(text, compression);
        Assert.Equal(compression == StoreCompression.Zstandard, blob.Location.IsChunked);
        Assert.InRange(StoredBytes, 1, (long)(most * text.Length));
        await CheckReadsAsync([(blob, text)]);
    }

    [Fact]
    public async Task Large_random_file_is_one_raw_object()
    {
        var bytes = SampleContent.Random(12 * Mebibyte, 4);
        var blob = await AddFileAsync(bytes, StoreCompression.Zstandard);
        Assert.Equal((blob.Digest, 0L), (blob.Location.StoredIn, blob.Location.Offset));
        Assert.Equal(BlobEncoding.Raw, blob.Location.Encoding);
        Assert.Equal(bytes.Length, StoredBytes);
    }

    [Fact]
    public async Task Zeros_take_almost_no_space()
    {
        var zeros = new byte[64 * Mebibyte];
        var blob = await AddFileAsync(zeros, StoreCompression.Zstandard);
        Assert.InRange(StoredBytes, 1, 4096);
        await CheckReadsAsync([(blob, zeros)]);
    }

    [Theory]
    [InlineData(4 * Mebibyte)]
    [InlineData(3_000_001)]
    public async Task Repeated_part_of_large_file_is_stored_once(int length)
    {
        var part = SampleContent.Random(length, 5);
        byte[] bytes = [.. part, .. part, .. part, .. part];
        var blob = await AddFileAsync(bytes, StoreCompression.Zstandard);
        Assert.True(blob.Location.IsChunked);
        // Only the chunks across the two ends of a part are stored besides the part.
        Assert.InRange(StoredBytes, part.Length, part.Length + 2 * GearChunker.MaxSize);
        await CheckReadsAsync([(blob, bytes)]);
    }

    [Fact]
    public async Task Zeros_between_random_bytes_are_stored_once()
    {
        var random = SampleContent.Random(4 * Mebibyte, 6);
        byte[] bytes = [.. random[..(2 * Mebibyte)], .. new byte[16 * Mebibyte], .. random[(2 * Mebibyte)..]];
        var blob = await AddFileAsync(bytes, StoreCompression.Zstandard);
        Assert.InRange(StoredBytes, random.Length, random.Length + 8192);
        await CheckReadsAsync([(blob, bytes)]);
    }

    [Theory]
    [InlineData(StoreCompression.Zstandard)]
    [InlineData(StoreCompression.None)]
    public async Task Changed_large_text_stores_only_changed_chunks(StoreCompression compression)
    {
        var text = SampleContent.Text(12 * Mebibyte, 7);
        var earlier = await AddFileAsync(text, compression);
        _store.Reset();
        var edited = text.ToArray();
        edited[5 * Mebibyte] ^= 1;
        var blob = await AddFileAsync(edited, compression, earlier);
        Assert.True(blob.Location.IsChunked);
        Assert.InRange(StoredBytes, 1, 3 * GearChunker.MaxSize);
        await CheckReadsAsync([(blob, edited), (earlier, text)]);
    }

    [Fact]
    public async Task Store_of_random_files_grows_by_one_percent_at_most()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        long size = 0;
        for (var i = 0; i < 100; i++)
            await AddAsync($"small/{i}", SampleContent.Random(20_000, i));
        await AddAsync("large", SampleContent.Random(9 * Mebibyte, 100));
        await draft.PublishAsync();
        Assert.InRange(store.Memory.Keys.Sum(key => (long)store.Memory[key].Length), size, (long)(1.01 * size));

        async Task AddAsync(string path, byte[] bytes)
        {
            size += bytes.Length;
            await draft.AddFileAsync(path, _folder.Write(path, bytes));
        }
    }

    private long StoredBytes => _store.Creations.Sum(creation => creation.Length);

    private static byte[] AnyContent(Random random)
    {
        // Most sizes are small, some are near the maximum.
        var size = random.Next(1 + (random.Next(3) == 0 ? MaxSize : 20_000));
        return random.Next(4) switch
        {
            0 => SampleContent.Text(size, random.Next()),
            1 => SampleContent.Random(size, random.Next()),
            2 => SampleContent.Mixed(size, random.Next()),
            _ => new byte[size],
        };
    }

    private async Task CheckRoundTripAsync(IReadOnlyList<byte[]> contents, StoreCompression compression)
    {
        await using var writer = new ContentWriter(_store, compression);
        var blobs = new List<(Blob Blob, byte[] Bytes)>();
        foreach (var bytes in contents)
            blobs.Add((await AddAsync(writer, bytes), bytes));
        foreach (var (blob, bytes) in blobs)
            Assert.Equal(blob, await AddAsync(writer, bytes));
        await writer.FlushAsync(Token);
        if (compression == StoreCompression.None)
            Assert.All(blobs, item => Assert.Equal(BlobEncoding.Raw, item.Blob.Location.Encoding));
        Assert.All(blobs, item => Assert.InRange(item.Blob.StoredLength, 0, item.Blob.Size));
        await CheckReadsAsync(blobs);
    }

    private async Task CheckReadsAsync(IReadOnlyList<(Blob Blob, byte[] Bytes)> blobs)
    {
        var reader = new ContentReader(_store);
        foreach (var (blob, bytes) in blobs)
        {
            Assert.Equal((Sha256.Of(bytes), bytes.Length), (blob.Digest, blob.Size));
            CheckEqual(bytes, await reader.ReadAsync(blob, Token));
            using var copy = new MemoryStream();
            await reader.CopyAsync(
                blob,
                (buffer, count) =>
                {
                    copy.Write(buffer, 0, count);
                    return Task.CompletedTask;
                },
                Token
            );
            CheckEqual(bytes, copy.ToArray());
            await using var stream = await reader.OpenCheckedAsync(blob, Token);
            using var opened = new MemoryStream();
            await stream.CopyToAsync(opened, Token);
            CheckEqual(bytes, opened.ToArray());
        }
        var delivered = 0;
        foreach (var batch in BlobBatch<byte[]>.Plan(blobs.Select(item => (item.Bytes, item.Blob))))
        {
            if (batch.IsLarge)
                delivered++;
            else
                await batch.ReadAsync(
                    reader,
                    (bytes, actual) =>
                    {
                        CheckEqual(bytes, actual);
                        delivered++;
                        return Task.CompletedTask;
                    },
                    (_, error) => throw error,
                    Token
                );
        }
        Assert.Equal(blobs.Count, delivered);
    }

    private static void CheckEqual(byte[] expected, ArraySegment<byte> actual) =>
        Assert.True(expected.AsSpan().SequenceEqual(actual), "The content differs.");

    private static async Task<Blob> AddAsync(ContentWriter writer, byte[] bytes) =>
        await writer.AddBytesAsync(bytes, ContentWriter.FindNothing, Token);

    private async Task<Blob> AddFileAsync(byte[] bytes, StoreCompression compression, Blob? earlier = null)
    {
        await using var writer = new ContentWriter(_store, compression);
        var (blob, _) = await writer.AddFileAsync(
            _folder.Write("file", bytes),
            ContentWriter.FindNothing,
            () => new(earlier),
            new TransferProgress(),
            Token
        );
        await writer.FlushAsync(Token);
        return blob;
    }
}
