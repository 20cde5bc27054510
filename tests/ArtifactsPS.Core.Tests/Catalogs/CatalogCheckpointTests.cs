using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Catalogs;

public sealed class CatalogCheckpointTests
{
    private const string Newest = "artifacts/m/checkpoints/000000000096.json";

    [Fact]
    public async Task Every_32nd_transaction_writes_checkpoint_and_two_stay()
    {
        var store = await TestStore.CreateAsync();
        await PublishAsync(store, 31);
        Assert.Empty(store.CheckpointKeys("m"));
        await PublishAsync(store, 1);
        Assert.Equal(["artifacts/m/checkpoints/000000000032.json"], store.CheckpointKeys("m"));
        await PublishAsync(store, 64);
        Assert.Equal(["artifacts/m/checkpoints/000000000064.json", Newest], store.CheckpointKeys("m"));
    }

    [Fact]
    public async Task Late_checkpoint_is_deleted_with_next_one()
    {
        const string First = "artifacts/m/checkpoints/000000000032.json";
        var store = await TestStore.CreateAsync();
        await PublishAsync(store, 32);
        var late = store.Memory[First];
        await PublishAsync(store, 64);
        var expected = await DescribeAsync(store);

        Assert.True(await store.Memory.TryCreateAsync(First, late, Token));

        await store.ReopenAsync();
        Assert.Equal(expected, await DescribeAsync(store));
        await PublishAsync(store, 32);
        Assert.Equal([Newest, "artifacts/m/checkpoints/000000000128.json"], store.CheckpointKeys("m"));
    }

    [Fact]
    public async Task Checkpoint_makes_earlier_transactions_unnecessary()
    {
        var store = await FullStoreAsync();
        store.Counting.Reset();
        await store.FindAsync("m");
        // The checkpoint and four later transactions.
        Assert.Equal(5, store.Counting.KeysOf("read").Count);
        Assert.DoesNotContain(store.Counting.KeysOf("read"), key => key == "artifacts/m/log/000000000096.json");
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("newest deleted")]
    [InlineData("emptied")]
    [InlineData("damaged")]
    [InlineData("of another artifact")]
    [InlineData("of an older state")]
    [InlineData("another document")]
    [InlineData("an invalid line")]
    [InlineData("a version twice")]
    [InlineData("an alias without number")]
    [InlineData("an invalid header")]
    public async Task Damaged_checkpoint_gives_same_state(string damage)
    {
        var store = await FullStoreAsync();
        var expected = await DescribeAsync(store);
        var body = BodyOf(store.Memory[Newest]);
        var row = body.IndexOf("{\"version\":1,", StringComparison.Ordinal);
        switch (damage)
        {
            case "deleted":
                foreach (var key in store.CheckpointKeys("m"))
                    await store.Memory.DeleteAsync(key, Token);
                break;
            case "newest deleted":
                await store.Memory.DeleteAsync(Newest, Token);
                break;
            case "emptied":
                foreach (var key in store.CheckpointKeys("m"))
                    store.Memory[key] = [];
                break;
            case "damaged":
                store.Memory[Newest][500] ^= 1;
                break;
            case "of an older state":
                store.Memory[Newest] = store.Memory["artifacts/m/checkpoints/000000000064.json"];
                break;
            default:
                store.Memory[Newest] = SealedRecord.Encode(
                    damage switch
                    {
                        "of another artifact" => body.Replace(
                            "\"name\":\"m\"",
                            "\"name\":\"n\"",
                            StringComparison.Ordinal
                        ),
                        "another document" => "{\"format\":1}",
                        "an invalid line" => body.Insert(row, "{},\n"),
                        "a version twice" => body.Insert(row, body[row..(body.IndexOf('\n', row) + 1)]),
                        "an alias without number" => body.Replace(
                            "\"latest\":95",
                            "\"latest\":\"x\"",
                            StringComparison.Ordinal
                        ),
                        _ => "{\"name\":\"m\"," + body,
                    }
                );
                break;
        }
        await store.ReopenAsync();
        Assert.Equal(expected, await DescribeAsync(store));
        Assert.Equal(100, (await store.PublishAsync("m", ("file", "next"))).Record.Number);
    }

    [Fact]
    public async Task Checkpoint_has_all_properties_of_versions()
    {
        var store = await TestStore.CreateAsync();
        await using (
            var draft = ArtifactDraft.Begin(
                store.Versions,
                ArtifactName.Parse("m"),
                TypeName.Parse("model"),
                [TagName.Parse("a,\"b\n\"".Replace("\n", ""))]
            )
        )
        {
            draft.Description = "line\nfeed ],\"versions\":[\n";
            draft.Metadata = new Newtonsoft.Json.Linq.JObject
            {
                ["digest"] = "x",
                ["n"] = 1.5,
                ["t"] = "2020-01-01T00:00:00Z",
            };
            await draft.PublishAsync("\U0001F680", ",\"versions\"");
        }
        var v0 = await store.FindAsync("m:v0");
        await VersionEditor.EditAsync(
            v0,
            new EditAction(0) { ExpiresAt = new DateTimeOffset(2040, 1, 2, 3, 4, 5, 6, TimeSpan.Zero) },
            null,
            Token
        );
        await PublishAsync(store, 40);
        Assert.Single(store.CheckpointKeys("m"));
        var withCheckpoint = await DescribeAsync(store);
        await store.Memory.DeleteAsync(store.CheckpointKeys("m")[0], Token);
        Assert.Equal(await DescribeAsync(store), withCheckpoint);
        Assert.Contains("2040-01-02T03:04:05.006Z", withCheckpoint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_checkpoint_does_not_fail_transaction()
    {
        var memory = new MemoryObjectStore();
        var failing = new RefusingCheckpoints(memory);
        var versions = await VersionStore.CreateAsync(failing, Token);
        for (var i = 0; i < 33; i++)
        {
            await using var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse("m"), TypeName.Parse("model"), []);
            await draft.AddTextAsync("file", $"{i}");
            Assert.Equal(i, (await draft.PublishAsync()).Record.Number);
        }
        Assert.DoesNotContain(memory.Keys, key => key.Contains("checkpoints", StringComparison.Ordinal));
    }

    private static async Task<TestStore> FullStoreAsync()
    {
        var store = await TestStore.CreateAsync();
        await PublishAsync(store, 100);
        return store;
    }

    private static async Task PublishAsync(TestStore store, int count)
    {
        for (var i = 0; i < count; i++)
            await store.PublishAsync("m", ("file", Guid.NewGuid().ToString()));
    }

    private static string BodyOf(byte[] record) => DerivedRecord.Decode(record).Body;

    private static async Task<string> DescribeAsync(TestStore store) =>
        (await store.Versions.ReadCatalogAsync(ArtifactName.Parse("m"), Token)).Describe();

    private sealed class RefusingCheckpoints(IObjectStore inner) : StoreDecorator(inner)
    {
        protected override void Before(string operation, string key)
        {
            if (operation == "create" && key.Contains("/checkpoints/", StringComparison.Ordinal))
                throw new StoreUnavailableException(Location, "no checkpoints here");
        }
    }
}
