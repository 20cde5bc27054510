using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Catalogs;

/// <summary>A state read from a checkpoint and its pages equals the state after replaying all transactions.</summary>
public sealed class CheckpointProperties
{
    private const string Folder = "artifacts/m/";

    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 400)]
    [InlineData(3, 4_000)]
    [InlineData(4, 60_000)]
    public async Task Every_checkpoint_gives_the_replayed_state(int seed, int textLength)
    {
        var random = new Random(seed);
        var memory = new MemoryObjectStore();
        var catalog = new Catalog(memory, ArtifactName.Parse("m"));
        var deleted = new SortedDictionary<int, VersionRecord>();
        for (var i = 1; i <= 10 * CatalogCheckpoint.Interval; i++)
        {
            await catalog.CommitAsync(state => Actions(state, deleted, random, textLength), null, Token);
            if (i % CatalogCheckpoint.Interval > 1)
                continue;
            var state = await catalog.ReadAsync(Token);
            var replayed = await ReplayAsync(memory);
            Assert.Equal(replayed.Versions().Select(version => version.Number), state.VersionNumbers);
            Assert.Equal(replayed.Describe(), state.Describe());
            foreach (var version in replayed.Versions())
                Assert.Equal(
                    replayed
                        .Versions()
                        .Where(other => other.Digest == version.Digest)
                        .Select(other => other.Number)
                        .Reverse(),
                    await state.FindAllAsync(version.Digest, Token).Select(found => found.Number).ToListAsync(Token)
                );
            await AssertSurvivesEncodingAsync(state);
        }
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("damaged")]
    [InlineData("of another checkpoint")]
    public async Task Damaged_page_gives_replayed_state(string damage)
    {
        var memory = new MemoryObjectStore();
        (await GeneratedLog.OfAsync(memory, "m")).ExtendTo(640);
        var pages = memory.Keys.Where(key => key.StartsWith(Folder + "versions/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(pages);
        var expected = (await ReplayAsync(memory)).Describe();
        if (damage == "missing")
            await memory.DeleteAsync(pages[0], Token);
        else
            memory[pages[0]] = damage == "damaged" ? [] : memory[pages[^1]].ToArray();

        var state = await new Catalog(memory, ArtifactName.Parse("m")).ReadAsync(Token);

        Assert.Equal(expected, state.Describe());
    }

    [Fact]
    public async Task Checkpoints_share_pages_and_delete_unneeded_ones()
    {
        var memory = new MemoryObjectStore();
        var catalog = new Catalog(memory, ArtifactName.Parse("m"));
        var random = new Random(5);
        for (var i = 0; i < 20 * CatalogCheckpoint.Interval; i++)
            await catalog.CommitAsync(state => [Publish(state, random)], null, Token);
        var pages = memory.Keys.Count(key => key.StartsWith(Folder + "versions/", StringComparison.Ordinal));
        Assert.InRange(pages, 3, 6);
    }

    [Fact]
    public async Task Publishing_reads_no_page()
    {
        var store = await TestStore.CreateAsync();
        (await GeneratedLog.OfAsync(store.Memory, "m")).ExtendTo(1_000);
        await store.ReopenAsync();
        store.Counting.Reset();

        await store
            .Versions.OpenCatalog(ArtifactName.Parse("m"))
            .CommitAsync(state => [Publish(state, new Random(1))], null, Token);

        Assert.DoesNotContain(
            store.Counting.KeysOf("read"),
            key => key.Contains("/versions/", StringComparison.Ordinal)
        );
    }

    private static async Task<CatalogState> ReplayAsync(MemoryObjectStore memory)
    {
        var copy = memory.Copy();
        foreach (var key in copy.Keys.Where(key => !key.StartsWith(Folder + "log/", StringComparison.Ordinal)).ToList())
            await copy.DeleteAsync(key, Token);
        return await new Catalog(copy, ArtifactName.Parse("m")).ReadAsync(Token);
    }

    private static async Task AssertSurvivesEncodingAsync(CatalogState state)
    {
        var memory = new MemoryObjectStore();
        var key = ArtifactKey.Of(ArtifactName.Parse("m"));
        var bytes = state.EncodeCheckpoint(
            (page, bytes) => memory[StoreLayout.VersionPageKey(StoreLayout.VersionPageFolder(key), page.Digest)] = bytes
        );
        var decoded = CatalogCheckpoint.Decode(SealedRecord.Decode(bytes), key, _ => new NoPages());
        Assert.Equal(state.VersionNumbers, decoded.VersionNumbers);
        Assert.Equal(
            (state.Type, state.NextVersion, state.LastTransaction, state.LastDigest),
            (decoded.Type, decoded.NextVersion, decoded.LastTransaction, decoded.LastDigest)
        );
        Assert.Equal(
            (await state.FindNewestAsync(Token))?.Digest.Word(0),
            state.IsLive ? decoded.Versions.Stored.PrefixAt(decoded.VersionCount - 1) : null
        );
    }

    // Deleted versions are restored after a few transactions, or after several checkpoints.
    private static IReadOnlyList<CatalogAction> Actions(
        CatalogState state,
        SortedDictionary<int, VersionRecord> deleted,
        Random random,
        int textLength
    )
    {
        var actions = new List<CatalogAction> { Publish(state, random) };
        if (random.Next(3) == 0)
            foreach (var record in deleted.Values.Skip(random.Next(deleted.Count + 1)).Take(random.Next(4)).ToList())
            {
                deleted.Remove(record.Number);
                actions.Add(new RestoreAction(record));
            }
        var numbers = state.VersionNumbers.ToList();
        if (numbers.Count == 0)
            return actions;
        int Any() => numbers[random.Next(numbers.Count)];
        if (random.Next(2) == 0)
            actions.Add(
                new EditAction(Any())
                {
                    Metadata = new JObject { ["text"] = new string('x', random.Next(textLength)) },
                    AddTags = [TagName.Parse($"tag{random.Next(9)}")],
                    RemoveTags = [TagName.Parse($"tag{random.Next(9)}")],
                }
            );
        if (random.Next(4) == 0)
            actions.Add(
                new RelocateAction(Any(), new PageLocation(0, Sha256.Of(BitConverter.GetBytes(random.Next())), 0, 100))
            );
        if (random.Next(4) == 0)
            actions.Add(new SetAliasAction(AliasName.Parse($"alias{random.Next(9)}"), Any()));
        if (random.Next(9) == 0)
            actions.Add(new RemoveAliasAction(AliasName.Parse($"alias{random.Next(9)}")));
        if (random.Next(3) == 0)
        {
            var first = random.Next(numbers.Count);
            foreach (var number in numbers.Skip(first).Take(random.Next(4)))
            {
                deleted.Add(number, state.Find(number)!);
                actions.Add(new DeleteAction(number));
            }
        }
        return actions;
    }

    private static PublishAction Publish(CatalogState state, Random random)
    {
        var content = Sha256.Of(BitConverter.GetBytes(random.Next()));
        return new PublishAction(
            new VersionRecord
            {
                Number = state.NextVersion,
                Type = TypeName.Parse("dataset"),
                CreatedAt = DateTimeOffset.UnixEpoch.AddSeconds(state.NextVersion),
                CreatedBy = "user@machine",
                Root = new PageLocation(0, content, 0, 100).ToReference(content, 1, 4),
            }
        );
    }
}
