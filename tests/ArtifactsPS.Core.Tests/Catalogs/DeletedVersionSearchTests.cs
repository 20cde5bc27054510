using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Catalogs;

public sealed class DeletedVersionSearchTests
{
    private static readonly ArtifactName Name = ArtifactName.Parse("m");
    private static readonly AliasName[] Aliases =
    [
        AliasName.Latest,
        AliasName.Parse("LATEST"),
        AliasName.Parse("prod"),
        AliasName.Parse("Prod"),
        AliasName.Parse("beta"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Deleted_versions_equal_those_of_full_replay(int seed)
    {
        var random = new Random(seed);
        var memory = new MemoryObjectStore();
        var catalog = new Catalog(memory, Name);
        var deleted = new Dictionary<int, VersionRecord>();
        for (var i = 0; i < 300; i++)
            await catalog.CommitAsync(state => ActionsOn(state, deleted, random), null, Token);
        var expected = await ReplayAsync(catalog);
        Assert.InRange(expected.Count, 10, 300);

        var state = await catalog.ReadAsync(Token);
        for (var number = 0; number <= state.NextVersion; number++)
        {
            var found = await catalog.FindDeletedAsync(state, number, Token);
            Assert.Equal(expected.GetValueOrDefault(number), found is null ? null : Describe(found));
        }
    }

    [Fact]
    public async Task Search_in_segments_gives_same_version()
    {
        var store = await TestStore.CreateAsync();
        var log = await GeneratedLog.OfAsync(store.Memory, Name.ToString());
        log.ExtendTo(1_100);
        var catalog = new Catalog(store.Memory, Name);
        var deleted = await catalog.CommitAsync(_ => [new DeleteAction(700)], null, Token);
        var before = await catalog.FindDeletedAsync(deleted, 700, Token);
        var folder = StoreLayout.LogFolder(ArtifactKey.Of(Name));
        await new LogCompactor(store.Memory, folder).CompactAsync(DateTimeOffset.MaxValue, Token);
        Assert.Contains(StoreLayout.LogSegmentKey(folder, 1), store.Memory.Keys);

        var after = await catalog.FindDeletedAsync(deleted, 700, Token);

        Assert.Equal(700, after!.Record.Number);
        Assert.Equal(Describe(before!), Describe(after));
    }

    [Fact]
    public async Task Recently_published_version_is_found_in_few_reads()
    {
        var store = await TestStore.CreateAsync();
        (await GeneratedLog.OfAsync(store.Memory, Name.ToString())).ExtendTo(500);
        var catalog = store.Versions.OpenCatalog(Name);
        var state = await catalog.CommitAsync(_ => [new DeleteAction(495)], null, Token);
        store.Counting.Reset();

        Assert.NotNull(await catalog.FindDeletedAsync(state, 495, Token));

        Assert.InRange(store.Counting.KeysOf("read").Count(), 1, 16);
    }

    // Each action is valid on the state after those before it.
    private static IReadOnlyList<CatalogAction> ActionsOn(
        CatalogState state,
        Dictionary<int, VersionRecord> deleted,
        Random random
    )
    {
        var live = state.VersionNumbers.ToList();
        int Any() => live[random.Next(live.Count)];
        switch (random.Next(live.Count == 0 ? 2 : 9))
        {
            case 0:
                return [Publish(state.NextVersion)];
            case 1 when deleted.Count > 0:
                var restored = deleted.Values.ElementAt(random.Next(deleted.Count));
                deleted.Remove(restored.Number);
                return [new RestoreAction(restored)];
            case 2:
                return [new RemoveAliasAction(Aliases[random.Next(Aliases.Length)])];
            case 3:
                return
                [
                    new EditAction(Any())
                    {
                        Description = $"{random.Next(99)}",
                        AddTags = [TagName.Parse($"tag{random.Next(9)}")],
                    },
                ];
            case 4:
                return
                [
                    new RelocateAction(Any(), new PageLocation(0, Sha256.Of([(byte)random.Next(9)]), 0, 100)),
                    new SetAliasAction(Aliases[random.Next(Aliases.Length)], Any()),
                ];
            case 5 or 6:
                return [new SetAliasAction(Aliases[random.Next(Aliases.Length)], Any())];
            case 7 or 8:
                var gone = live.OrderBy(_ => random.Next()).Take(random.Next(1, 4)).ToList();
                foreach (var number in gone)
                    deleted.Add(number, state.Find(number)!);
                return [.. gone.Select(number => new DeleteAction(number))];
            default:
                return [Publish(state.NextVersion), new SetAliasAction(Aliases[2], state.NextVersion)];
        }
    }

    private static PublishAction Publish(int number)
    {
        var content = Sha256.Of(BitConverter.GetBytes(number));
        return new PublishAction(
            new VersionRecord
            {
                Number = number,
                Type = TypeName.Parse("dataset"),
                CreatedAt = DateTimeOffset.UnixEpoch.AddSeconds(number),
                CreatedBy = "user@machine",
                Root = new PageLocation(0, content, 0, 100).ToReference(content, 1, 4),
            }
        );
    }

    private static async Task<Dictionary<int, string>> ReplayAsync(Catalog catalog)
    {
        var state = new CatalogState(Name);
        var deleted = new Dictionary<int, string>();
        await foreach (var transaction in catalog.HistoryAsync(Token))
        foreach (var action in transaction.Actions)
        {
            if (action is DeleteAction { Version: var number })
                deleted[number] = Describe(new DeletedVersion(state.Find(number)!, state.AliasesOf(number)));
            state.Apply(action);
        }
        return deleted;
    }

    private static string Describe(DeletedVersion version) =>
        $"{VersionPage.ToLine(version.Record)} {string.Join(' ', version.Aliases)}";
}
