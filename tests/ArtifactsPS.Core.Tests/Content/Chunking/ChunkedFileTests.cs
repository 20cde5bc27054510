using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Content.Chunking;

/// <summary>Only the changed parts of a large file are stored.</summary>
public sealed class ChunkedFileTests : IDisposable
{
    private const int Size = 16 << 20;

    private readonly MemoryObjectStore _memory = new();
    private readonly CountingObjectStore _store;
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _bytes = new byte[Size];

    public ChunkedFileTests()
    {
        _store = new CountingObjectStore(_memory);
        new Random(11).NextBytes(_bytes);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(Size / 2, 0)]
    [InlineData(Size / 2, 100)]
    [InlineData(Size - 1, 3)]
    public async Task Small_edit_stores_few_bytes(int at, int inserted)
    {
        var earlier = await AddAsync(_bytes, null);
        _store.Reset();
        byte[] edited = [.. _bytes[..at], .. new byte[inserted], (byte)(_bytes[at] ^ 1), .. _bytes[(at + 1)..]];
        var blob = await AddAsync(edited, earlier);
        Assert.True(blob.Location.IsChunked);
        Assert.InRange(Assert.Single(_store.Creations).Length, 1, 3 * GearChunker.MaxSize);
        await AssertContentAsync(edited, blob);
        await AssertContentAsync(_bytes, earlier);

        // Edit the file again; its base is now a chunk list.
        edited[^5] ^= 1;
        var next = await AddAsync(edited, blob);
        await AssertContentAsync(edited, next);
        Assert.InRange(_store.Creations[1].Length, 1, 3 * GearChunker.MaxSize);
    }

    [Fact]
    public async Task File_with_missing_earlier_content_is_stored_completely()
    {
        var earlier = await AddAsync(_bytes, null);
        await _memory.DeleteAsync(earlier.Location.Object.Key, Token);
        _bytes[7] ^= 1;
        var blob = await AddAsync(_bytes, earlier);
        Assert.False(blob.Location.IsChunked);
        await AssertContentAsync(_bytes, blob);
    }

    [Fact]
    public async Task Damaged_or_missing_chunk_is_reported()
    {
        var earlier = await AddAsync(_bytes, null);
        _bytes[7] ^= 1;
        var blob = await AddAsync(_bytes, earlier);
        _memory[earlier.Location.Object.Key][Size - 7] ^= 1;
        await Assert.ThrowsAsync<ObjectCorruptException>(() => new ContentReader(_memory).ReadAsync(blob, Token));
        await _memory.DeleteAsync(earlier.Location.Object.Key, Token);
        await Assert.ThrowsAsync<ObjectMissingException>(() => new ContentReader(_memory).ReadAsync(blob, Token));
    }

    [Fact]
    public async Task Needed_objects_of_chunked_file_are_listed()
    {
        var earlier = await AddAsync(_bytes, null);
        _bytes[7] ^= 1;
        var blob = await AddAsync(_bytes, earlier);
        var needed = await new ContentReader(_memory).ObjectsOfAsync(blob.Location, Token);
        Assert.Equal(_memory.Keys.Order(), needed.Select(StoreLayout.ObjectKey).Order());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"objects\":[],\"chunks\":[1]}")]
    [InlineData("{\"objects\":[\"that\"],\"chunks\":[]}")]
    [InlineData("{\"objects\":[null],\"chunks\":[]}")]
    [InlineData("{\"objects\":[{}],\"chunks\":[]}")]
    [InlineData("{\"objects\":[\"this\"],\"chunks\":[{\"sha256\":\"HEX\",\"size\":1,\"in\":1,\"at\":0}]}")]
    [InlineData("{\"objects\":[\"this\"],\"chunks\":[{\"sha256\":\"HEX\",\"size\":-1,\"in\":0,\"at\":0}]}")]
    [InlineData("{\"objects\":[\"this\"],\"chunks\":[{\"sha256\":\"HEX\",\"size\":2147483648,\"in\":0,\"at\":0}]}")]
    [InlineData("{\"objects\":[\"this\"],\"chunks\":[{\"sha256\":\"12\",\"size\":1,\"in\":0,\"at\":0}]}")]
    [InlineData("{\"objects\":[\"this\"],\"chunks\":[{\"sha256\":\"HEX\",\"size\":1,\"in\":99999999999,\"at\":0}]}")]
    [InlineData("{\"objects\":[\"this\"],\"chunks\":[{\"sha256\":\"HEX\",\"size\":1,\"in\":0,\"at\":0,\"stored\":0}]}")]
    [InlineData("{\"objects\":[\"this\"],\"chunks\":[{\"sha256\":\"HEX\",\"size\":1,\"in\":0,\"at\":0,\"stored\":1}]}")]
    [InlineData(
        "{\"objects\":[\"this\"],\"chunks\":[{\"sha256\":\"HEX\",\"size\":2,\"in\":0,\"at\":0,\"stored\":-1}]}"
    )]
    [InlineData("{\"objects\":[\"this\"],\"chunks\":[{\"sha256\":\"HEX\",\"size\":0,\"in\":0,\"at\":0,\"stored\":0}]}")]
    public async Task Hostile_chunk_list_is_reported_as_damage(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json.Replace("HEX", Digest.OfNothing.Hex, StringComparison.Ordinal));
        var source = new StoredObject(Sha256.Of(bytes));
        _memory[source.Key] = bytes;
        var blob = new Blob(Sha256.Of(_bytes), 1, new BlobLocation(source, 0, BlobEncoding.Chunked, bytes.Length));
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() =>
            new ContentReader(_memory).ReadAsync(blob, Token)
        );
        Assert.Equal(source.Key, error.Target);
    }

    [Fact]
    public void Chunks_have_bounded_size_and_depend_on_nearby_bytes()
    {
        var cuts = CutsOf(_bytes);
        Assert.All(cuts.SkipLast(1), size => Assert.InRange(size, GearChunker.MinSize, GearChunker.MaxSize));
        Assert.Equal(Size, cuts.Sum());
        // All boundaries after the second stay the same if all bytes move by one.
        Assert.Equal(cuts.Skip(2), CutsOf([1, .. _bytes]).Skip(2));
        // Existing stores have these chunk sizes.
        Assert.Equal("944566 867665 596223 734858", string.Join(' ', cuts.Take(4)));
    }

    private static List<int> CutsOf(byte[] bytes)
    {
        var cuts = new List<int>();
        for (var at = 0; at < bytes.Length; at += cuts[^1])
            cuts.Add(GearChunker.NextSize(bytes.AsSpan(at)));
        return cuts;
    }

    private async Task<Blob> AddAsync(byte[] bytes, Blob? expected)
    {
        await using var writer = new ContentWriter(_store);
        var file = _folder.Write("large", bytes);
        var (blob, _) = await writer.AddFileAsync(file, ContentWriter.FindNothing, () => new(expected), new(), Token);
        await writer.FlushAsync(Token);
        return blob;
    }

    private async Task AssertContentAsync(byte[] bytes, Blob blob)
    {
        Assert.Equal(bytes.Length, blob.Size);
        var actual = await new ContentReader(_memory).ReadAsync(blob, Token);
        Assert.True(bytes.AsSpan().SequenceEqual(actual));
    }
}
