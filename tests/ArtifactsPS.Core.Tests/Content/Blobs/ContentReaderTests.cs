using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Content.Blobs;

public sealed class ContentReaderTests
{
    private const int LargeSize = 17 << 20;

    private readonly MemoryObjectStore _store = new();
    private readonly ContentReader _reader;

    public ContentReaderTests() => _reader = new ContentReader(_store);

    [Theory]
    [InlineData(10)]
    [InlineData(3 << 20)]
    [InlineData(17 << 20)]
    public async Task Every_read_method_returns_the_complete_blob(int size)
    {
        var (blob, bytes) = Store(size);
        Assert.Equal(bytes, await _reader.ReadAsync(blob, Token));
        Assert.Equal(bytes, await CopyAsync(blob));
        await AssertContentAsync(_reader.OpenCheckedAsync(blob, Token));
        await AssertContentAsync(_reader.OpenByPieceAsync(blob, Token));

        async Task AssertContentAsync(Task<Stream> opening)
        {
            using var stream = await opening;
            var opened = new MemoryStream();
            await stream.CopyToAsync(opened, Token);
            Assert.Equal(bytes, opened.ToArray());
        }
    }

    [Theory]
    [InlineData(10, "flip")]
    [InlineData(10, "cut")]
    [InlineData(10, "empty")]
    [InlineData(17 << 20, "flip")]
    [InlineData(17 << 20, "cut")]
    public async Task Damaged_blob_is_reported_and_not_returned(int size, string damage)
    {
        var (blob, bytes) = Store(size);
        var key = blob.Location.Object.Key;
        var whole = _store[key];
        var flipped = whole.ToArray();
        flipped[^5] ^= 1;
        _store[key] = damage switch
        {
            "flip" => flipped,
            "cut" => whole[..^1],
            _ => [],
        };
        await AssertCorruptAsync(() => _reader.ReadAsync(blob, Token));
        await AssertCorruptAsync(() => _reader.OpenCheckedAsync(blob, Token));
        await AssertCorruptAsync(() => CopyAsync(blob));

        async Task AssertCorruptAsync(Func<Task> read)
        {
            var error = await Assert.ThrowsAsync<ObjectCorruptException>(read);
            Assert.Equal(key, error.Target);
            Assert.Contains(key, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("cut")]
    public async Task Damaged_large_object_is_read_up_to_its_end(string damage)
    {
        var (blob, bytes) = Store(LargeSize);
        var key = blob.Location.Object.Key;
        var flipped = _store[key].ToArray();
        flipped[^5] ^= 1;
        _store[key] = damage == "flip" ? flipped : _store[key][..^1];
        using var stream = await _reader.OpenByPieceAsync(blob, Token);
        var read = new MemoryStream();
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() => stream.CopyToAsync(read, 1 << 12, Token));
        Assert.Equal(key, error.Target);
        Assert.InRange(read.Length, bytes.Length / 2, bytes.Length - 1);
        Assert.Equal(bytes[..(int)read.Length], read.ToArray());
    }

    [Fact]
    public async Task Damaged_large_object_is_not_read_elsewhere()
    {
        var (blob, _) = Store(LargeSize);
        _store[blob.Location.Object.Key][5] ^= 1;
        using var stream = await _reader.OpenByPieceAsync(blob, Token);
        stream.Position = LargeSize - 10;
        Assert.Throws<ObjectCorruptException>(() => stream.ReadByte());
        stream.Position = 0;
        Assert.NotEqual(-1, stream.ReadByte());
    }

    [Fact]
    public async Task Start_of_large_object_needs_little_of_it()
    {
        var (blob, bytes) = Store(LargeSize);
        var watched = new WatchedStore(_store);
        using var stream = await new ContentReader(watched).OpenByPieceAsync(blob, Token);
        var start = new byte[1000];
        stream.ReadExactly(start);
        Assert.Equal(bytes[..1000], start);
        Assert.InRange(Assert.Single(watched.Streams).Position, 1000, 1 << 20);
    }

    [Fact]
    public async Task Large_object_is_read_in_any_order()
    {
        var (blob, bytes) = Store(LargeSize);
        using var stream = await _reader.OpenByPieceAsync(blob, Token);
        var random = new Random(4);
        var buffer = new byte[5000];
        foreach (var start in new[] { 0, 3000, 1000, 400_000, 0, LargeSize - 5000, 17, LargeSize })
        {
            stream.Position = start;
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            Assert.Equal(bytes[start..Math.Min(bytes.Length, start + buffer.Length)], buffer[..length]);
            Assert.Equal(start + length, stream.Position);
        }
    }

    [Fact]
    public async Task Missing_object_error_names_its_key()
    {
        var (blob, _) = Store(10);
        await _store.DeleteAsync(blob.Location.Object.Key, Token);
        var error = await Assert.ThrowsAsync<ObjectMissingException>(() => _reader.ReadAsync(blob, Token));
        Assert.Equal(blob.Location.Object.Key, error.Target);
        await Assert.ThrowsAsync<ObjectMissingException>(() => CopyAsync(blob));
    }

    [Theory]
    [InlineData(0L, 100L << 20)]
    [InlineData(1L << 40, 10L)]
    [InlineData(long.MaxValue - 10, 10L)]
    public async Task Location_beyond_object_is_reported_as_damage(long offset, long size)
    {
        var (blob, _) = Store(10);
        var wrong = blob with { Size = size, Location = blob.Location with { Offset = offset } };
        await Assert.ThrowsAsync<ObjectCorruptException>(() => CopyAsync(wrong));
        await Assert.ThrowsAsync<ObjectCorruptException>(() => _reader.OpenCheckedAsync(wrong, Token));
    }

    [Fact]
    public async Task Adjacent_blobs_are_read_at_once()
    {
        var counting = new CountingObjectStore(_store);
        var blobs = await PackAsync(counting, 50);
        counting.Reset();
        var (read, failed) = await ReadBatchesAsync(new ContentReader(counting), blobs);
        Assert.Equal(Enumerable.Range(0, 50).ToDictionary(i => i, TextOf), read);
        Assert.Empty(failed);
        Assert.Single(counting.KeysOf("read"));
    }

    [Fact]
    public async Task Undamaged_blobs_of_damaged_pack_are_returned()
    {
        var blobs = await PackAsync(_store, 50);
        var key = blobs[0].Location.Object.Key;
        _store[key][blobs[7].Location.Offset] ^= 1;
        _store[key] = _store[key][..(int)(blobs[40].Location.Offset + 1)];
        var (read, failed) = await ReadBatchesAsync(_reader, blobs);
        Assert.Equal([7, .. Enumerable.Range(40, 10)], failed.Order());
        Assert.Equal(39, read.Count);
        Assert.All(read, item => Assert.Equal(TextOf(item.Key), item.Value));
    }

    [Fact]
    public void Distant_blobs_and_other_objects_are_read_separately()
    {
        var pack = new StoredObject(Sha256.Of("pack"u8));
        var other = new StoredObject(Sha256.Of("other"u8));
        var batches = BlobBatch<int>
            .Plan([
                (1, new Blob(default, 10, new BlobLocation(pack, 0))),
                (2, new Blob(default, 10, new BlobLocation(pack, 1 << 20))),
                (3, new Blob(default, 10, new BlobLocation(other, 5))),
                (4, new Blob(default, 10, new BlobLocation(pack, 20))),
                (5, new Blob(Digest.OfNothing, 0, default)),
                (6, new Blob(default, 100 << 20, new BlobLocation(other, 15))),
            ])
            .ToList();
        var expected = new[] { new[] { 1, 4 }, [2], [3], [5], [6] };
        Assert.Equal(
            expected,
            batches.Select(b => b.Items.Select(item => item.Item).ToArray()).OrderBy(items => items[0])
        );
        Assert.Equal([6], batches.Where(batch => batch.IsLarge).Select(batch => batch.Items[0].Item));
    }

    private (Blob Blob, byte[] Bytes) Store(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        byte[] pack = [1, 2, 3, .. bytes];
        var source = new StoredObject(Sha256.Of(pack));
        _store[source.Key] = pack;
        return (new Blob(Sha256.Of(bytes), size, new BlobLocation(source, 3)), bytes);
    }

    private async Task<byte[]> CopyAsync(Blob blob)
    {
        var copy = new MemoryStream();
        await _reader.CopyAsync(blob, (bytes, count) => copy.WriteAsync(bytes, 0, count, Token), Token);
        return copy.ToArray();
    }

    private static string TextOf(int i) => $"blob {i} " + new string('x', i);

    private static async Task<List<Blob>> PackAsync(IObjectStore store, int count)
    {
        await using var writer = new ContentWriter(store);
        var blobs = new List<Blob>();
        for (var i = 0; i < count; i++)
            blobs.Add(await writer.AddBytesAsync(Encoding.UTF8.GetBytes(TextOf(i)), (_, _) => default, Token));
        await writer.FlushAsync(Token);
        return blobs;
    }

    private static async Task<(Dictionary<int, string> Read, List<int> Failed)> ReadBatchesAsync(
        ContentReader reader,
        List<Blob> blobs
    )
    {
        var read = new Dictionary<int, string>();
        var failed = new List<int>();
        foreach (var batch in BlobBatch<int>.Plan(blobs.Select((blob, i) => (i, blob))))
            await batch.ReadAsync(
                reader,
                (i, bytes) =>
                {
                    read.Add(i, Encoding.UTF8.GetString(bytes));
                    return Task.CompletedTask;
                },
                (i, _) =>
                {
                    failed.Add(i);
                    return default;
                },
                Token
            );
        return (read, failed);
    }

    /// <summary>Collects the streams that are opened.</summary>
    private sealed class WatchedStore(IObjectStore inner) : StoreDecorator(inner)
    {
        public List<Stream> Streams { get; } = [];

        protected override Stream Opened(Stream stream)
        {
            Streams.Add(stream);
            return stream;
        }
    }
}
