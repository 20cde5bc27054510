using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Content.Compression;

/// <summary>A store's compression is chosen when it is created, and recorded in <c>store.json</c>.</summary>
public sealed class StoreCompressionTests
{
    private static readonly string Text = Encoding.ASCII.GetString(SampleContent.Text(20_000, 1));

    [Theory]
    [InlineData(StoreCompression.Zstandard, "zstd")]
    [InlineData(StoreCompression.None, "none")]
    public async Task Compression_is_recorded_and_read(StoreCompression compression, string recorded)
    {
        var store = await TestStore.CreateAsync(compression);
        Assert.Equal(compression, store.Versions.Compression);
        var record = SealedRecord.Decode(store.Memory[StoreLayout.StoreRecord]);
        Assert.Equal(recorded, (string?)JObject.Parse(record.Body)["compression"]);
        await store.ReopenAsync();
        Assert.Equal(compression, store.Versions.Compression);
    }

    [Fact]
    public async Task New_store_is_compressed_by_default() =>
        Assert.Equal(
            StoreCompression.Zstandard,
            (await VersionStore.CreateAsync(new MemoryObjectStore(), Token)).Compression
        );

    [Theory]
    [InlineData(StoreCompression.Zstandard, StoreCompression.None)]
    [InlineData(StoreCompression.None, StoreCompression.Zstandard)]
    public async Task Existing_store_keeps_its_compression(StoreCompression first, StoreCompression second)
    {
        var memory = new MemoryObjectStore();
        await VersionStore.CreateAsync(memory, first, Token);
        Assert.Equal(first, (await VersionStore.CreateAsync(memory, second, Token)).Compression);
    }

    [Theory]
    [InlineData("\"lzma\"")]
    [InlineData("\"ZSTD\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("3")]
    [InlineData("[\"zstd\"]")]
    public async Task Unknown_compression_is_reported(string value)
    {
        var store = await TestStore.CreateAsync();
        EditRecord(store, text => text.Replace("\"zstd\"", value, StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(store.ReopenAsync);
        Assert.Equal(StoreLayout.StoreRecord, error.Target);
        Assert.Contains("compression", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_compression_is_reported()
    {
        var store = await TestStore.CreateAsync();
        EditRecord(store, text => text.Replace("\"compression\"", "\"other\"", StringComparison.Ordinal));
        await Assert.ThrowsAsync<ObjectCorruptException>(store.ReopenAsync);
    }

    [Theory]
    [InlineData(StoreCompression.Zstandard)]
    [InlineData(StoreCompression.None)]
    public async Task Objects_contain_bytes_in_compression_of_store(StoreCompression compression)
    {
        var store = await TestStore.CreateAsync(compression);
        await store.ReopenAsync();
        var version = await PublishAsync(store);
        var isRaw = compression == StoreCompression.None;
        var objects = store
            .Memory.Keys.Where(StoreLayout.IsObject)
            .Select(key => Encoding.Latin1.GetString(store.Memory[key]))
            .ToList();
        Assert.Equal(isRaw, objects.Any(text => text.Contains(Text, StringComparison.Ordinal)));
        // A page of 20 entries.
        Assert.Equal(isRaw, objects.Any(text => text.Contains("{\"level\":0", StringComparison.Ordinal)));
        Assert.Equal(isRaw, version.Record.StoredRoot!.Location.Encoding == BlobEncoding.Raw);
        Assert.Equal(Text, await store.ReadTextAsync(version, "text"));
    }

    [Fact]
    public async Task Digest_of_version_is_independent_of_compression()
    {
        var compressed = await PublishAsync(await TestStore.CreateAsync());
        var raw = await PublishAsync(await TestStore.CreateAsync(StoreCompression.None));
        Assert.Equal(compressed.Record.Digest, raw.Record.Digest);
    }

    [Theory]
    [InlineData(StoreCompression.Zstandard, StoreCompression.None)]
    [InlineData(StoreCompression.None, StoreCompression.Zstandard)]
    public async Task Copy_has_compression_of_its_store(StoreCompression from, StoreCompression to)
    {
        var source = await PublishAsync(await TestStore.CreateAsync(from));
        var target = await TestStore.CreateAsync(to);
        var copier = new VersionCopier(source, target.Versions, source.Name, new TransferProgress());
        var copy = await copier.CopyAsync([], null, Token);
        Assert.Equal(source.Record.Digest, copy.Record.Digest);
        var encoding = (await copy.Manifest.FindAsync(EntryPath.Parse("text"), Token))!.Location.Encoding;
        Assert.Equal(to == StoreCompression.None ? BlobEncoding.Raw : BlobEncoding.Zstandard, encoding);
        Assert.Equal(Text, await target.ReadTextAsync(copy, "text"));
    }

    private static Task<PublishedVersion> PublishAsync(TestStore store) =>
        store.PublishAsync("model", [("text", Text), .. Enumerable.Range(0, 19).Select(i => ($"small {i}", $"{i}"))]);

    private static void EditRecord(TestStore store, Func<string, string> edit) =>
        store.Memory[StoreLayout.StoreRecord] = SealedRecord.Encode(
            edit(SealedRecord.Decode(store.Memory[StoreLayout.StoreRecord]).Body)
        );
}
