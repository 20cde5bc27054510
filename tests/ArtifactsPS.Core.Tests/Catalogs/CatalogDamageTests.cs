using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Catalogs;

public sealed class CatalogDamageTests
{
    private const string First = "artifacts/m/log/000000000001.json";
    private const string Second = "artifacts/m/log/000000000002.json";

    [Theory]
    [InlineData("a bit")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("another artifact's")]
    [InlineData("an older one's")]
    [InlineData("forged")]
    public async Task Damaged_transaction_is_reported_with_key(string damage)
    {
        var store = await StoreOfThreeAsync();
        await store.PublishAsync("n", ("file", "0"));
        await store.PublishAsync("n", ("file", "1"));
        var good = store.Memory[Second];
        var bit = good.ToArray();
        bit[good.Length / 2] ^= 1;
        store.Memory[Second] = damage switch
        {
            "a bit" => bit,
            "cut" => good[..^10],
            "empty" => [],
            "another artifact's" => store.Memory["artifacts/n/log/000000000002.json"],
            "an older one's" => store.Memory[First],
            // The checksum is correct, but the next transaction has the digest of the original.
            _ => Edit(good, json => json["by"] = "someone@else"),
        };
        await store.ReopenAsync();
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() => store.FindAsync("m:v0"));
        var expected = damage == "forged" ? "artifacts/m/log/000000000003.json" : Second;
        Assert.Equal(expected, error.Target);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectCorruptException>(() => store.PublishAsync("m", ("file", "new")));
        Assert.Equal(3, store.LogKeys("m").Count);
    }

    public static TheoryData<string, string> HostileProperties =>
        new()
        {
            { "number", "3" },
            { "number", "-1" },
            { "number", "\"2\"" },
            { "id", "null" },
            { "name", "\"other\"" },
            { "at", "\"yesterday\"" },
            { "previous", "null" },
            { "previous", "\"12\"" },
            { "actions", "{}" },
            { "actions", "[1]" },
            { "actions", "[{}]" },
            { "actions", "[{\"action\":\"explode\"}]" },
            { "actions", "[{\"action\":\"delete\",\"version\":7}]" },
            { "actions", "[{\"action\":\"delete\",\"version\":99999999999}]" },
            { "actions", "[{\"action\":\"delete\",\"version\":99999999999999999999}]" },
            { "actions", "[{\"action\":\"alias\",\"alias\":\"x\",\"version\":7}]" },
            { "actions", "[{\"action\":\"alias\",\"version\":0}]" },
            { "actions", "[{\"action\":\"edit\",\"version\":0,\"addTags\":[{}]}]" },
            { "actions", "[{\"action\":\"edit\",\"version\":0,\"expires\":\"soon\"}]" },
        };

    [Theory]
    [MemberData(nameof(HostileProperties))]
    public async Task Invalid_transaction_is_reported_with_key(string property, string value)
    {
        var store = await StoreOfThreeAsync();
        foreach (var key in store.LogKeys("m").Skip(2))
            await store.Memory.DeleteAsync(key, Token);
        store.Memory[Second] = Edit(store.Memory[Second], json => json[property] = JToken.Parse(value));
        await store.ReopenAsync();
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() => store.FindAsync("m:v0"));
        Assert.Equal(Second, error.Target);
    }

    [Theory]
    [InlineData("version", "0")]
    [InlineData("version", "-1")]
    [InlineData("version", "2147483647")]
    [InlineData("digest", "\"12\"")]
    [InlineData("entries", "-1")]
    [InlineData("root", "null")]
    [InlineData("root.level", "17")]
    [InlineData("root.length", "2147483647")]
    [InlineData("root.in", "\"..\"")]
    [InlineData("root.at", "1.5")]
    public async Task Invalid_version_is_reported_with_key(string property, string value)
    {
        var store = await StoreOfThreeAsync();
        foreach (var key in store.LogKeys("m").Skip(2))
            await store.Memory.DeleteAsync(key, Token);
        store.Memory[Second] = Edit(
            store.Memory[Second],
            json => json.SelectToken("actions[0]." + property)!.Replace(JToken.Parse(value))
        );
        await store.ReopenAsync();
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() => store.FindAsync("m:v0"));
        Assert.Equal(Second, error.Target);
    }

    [Fact]
    public async Task Damage_of_one_artifact_leaves_others_readable()
    {
        var store = await StoreOfThreeAsync();
        await store.PublishAsync("n", ("file", "text"));
        store.Memory[First] = [];
        await store.ReopenAsync();
        Assert.Equal("text", await store.ReadTextAsync(await store.FindAsync("n"), "file"));
    }

    [Theory]
    [InlineData("{\"format\":2,\"id\":\"x\"}", typeof(StoreFormatNotSupportedException))]
    [InlineData("{\"id\":\"x\"}", typeof(ObjectCorruptException))]
    [InlineData("{\"format\":1}", typeof(ObjectCorruptException))]
    public async Task Store_of_other_format_is_not_opened(string body, Type expected)
    {
        var memory = new MemoryObjectStore { ["store.json"] = SealedRecord.Encode(body) };
        await Assert.ThrowsAsync(expected, () => VersionStore.OpenAsync(memory, Token));
    }

    [Fact]
    public async Task Missing_store_is_not_opened()
    {
        var memory = new MemoryObjectStore();
        await Assert.ThrowsAsync<StoreNotFoundException>(() => VersionStore.OpenAsync(memory, Token));
        Assert.Empty(memory.Keys);
        var created = await VersionStore.CreateAsync(memory, Token);
        Assert.Equal(created.Id, (await VersionStore.CreateAsync(memory, Token)).Id);
    }

    [Fact]
    public void Every_changed_bit_of_record_is_detected()
    {
        var record = SealedRecord.Encode("{\"a\":\"\u00e9\"}");
        Assert.Equal("{\"a\":\"\u00e9\"}", SealedRecord.Decode(record).Body);
        for (var i = 0; i < record.Length; i++)
        for (var bit = 0; bit < 8; bit++)
        {
            var damaged = record.ToArray();
            damaged[i] ^= (byte)(1 << bit);
            // An upper-case hex digit has the same value.
            if (Encoding.ASCII.GetString(damaged) is var text && char.ToLowerInvariant(text[i]) == record[i])
                continue;
            Assert.Throws<InvalidDataException>(() => SealedRecord.Decode(damaged));
        }
    }

    private static async Task<TestStore> StoreOfThreeAsync()
    {
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 3; i++)
            await store.PublishAsync("m", ("file", $"{i}"));
        return store;
    }

    private static byte[] Edit(byte[] record, Action<JObject> edit)
    {
        var json = SealedRecord.Decode(record).ToJson();
        edit(json);
        return SealedRecord.Encode(json);
    }
}
