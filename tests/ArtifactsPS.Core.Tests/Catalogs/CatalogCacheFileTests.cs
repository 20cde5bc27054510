using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Catalogs;

/// <summary>Cache files of catalogs. Missing or damaged files cost requests, but don't change results.</summary>
public sealed class CatalogCacheFileTests : RemoteCatalogTests
{
    private const int Transactions = 45;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Log.ExtendTo(Transactions);
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("truncated")]
    [InlineData("emptied")]
    [InlineData("gone")]
    [InlineData("a folder")]
    [InlineData("of another artifact")]
    [InlineData("of another store")]
    [InlineData("of no transaction")]
    [InlineData("another document")]
    [InlineData("an invalid line")]
    [InlineData("a number that is too large")]
    public async Task Damaged_cache_file_is_replaced_from_log(string damage)
    {
        await Machine.ReadAsync(Name);
        var file = Assert.Single(Machine.CatalogFiles);
        var bytes = await File.ReadAllBytesAsync(file, Token);
        var body = SealedRecord.Decode(bytes).Body;
        switch (damage)
        {
            case "damaged":
                bytes[500] ^= 1;
                await File.WriteAllBytesAsync(file, bytes, Token);
                break;
            case "truncated":
                await File.WriteAllBytesAsync(file, bytes[..^100], Token);
                break;
            case "emptied":
                await File.WriteAllBytesAsync(file, [], Token);
                break;
            case "gone":
                File.Delete(file);
                break;
            case "a folder":
                File.Delete(file);
                Directory.CreateDirectory(file);
                break;
            case "of another store":
                await File.WriteAllBytesAsync(file, await CacheFileOfOtherStoreAsync(), Token);
                break;
            default:
                await File.WriteAllBytesAsync(
                    file,
                    SealedRecord.Encode(
                        damage switch
                        {
                            "of another artifact" => Replaced("\"name\":\"M\"", "\"name\":\"n\""),
                            "of no transaction" => Replaced($"\"transaction\":{Transactions}", "\"transaction\":0"),
                            "an invalid line" => Replaced("\n{\"version\":1,", "\n{\"v\":1,"),
                            "a number that is too large" => Replaced(
                                $"\"transaction\":{Transactions}",
                                "\"transaction\":99999999999999999999"
                            ),
                            _ => "{\"format\":1}",
                        }
                    ),
                    Token
                );
                break;
        }

        Assert.Equal(Log.Text, (await Machine.ReadAsync(Name)).Describe());

        if (damage != "a folder")
            await AssertRemembersAsync();

        string Replaced(string text, string by)
        {
            Assert.Contains(text, body, StringComparison.Ordinal);
            return body.Replace(text, by, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Invalid_version_in_cache_is_read_from_log()
    {
        var key = Store.CheckpointKeys("m")[^1];
        var whole = Store.Memory[key];
        const string Row = "\n{\"version\":1,\"digest\":\"";
        var body = SealedRecord.Decode(whole).Body;
        var end = body.IndexOf(Row, StringComparison.Ordinal) + Row.Length + (2 * Digest.Length) + 1;
        Store.Memory[key] = SealedRecord.Encode(body.Insert(end, "?"));
        await Machine.ReadAsync(Name);
        Store.Memory[key] = whole;

        Assert.Equal(Log.Text, (await Machine.ReadAsync(Name)).Describe());
        Assert.Equal(Log.Text, (await Machine.ReadAsync(Name)).Describe());
    }

    [Fact]
    public async Task Without_writable_cache_store_is_read()
    {
        await File.WriteAllTextAsync(Machine.Cache, "no folder", Token);
        for (var i = 0; i < 2; i++)
        {
            Store.Counting.Reset();
            Assert.Equal(Log.Text, (await Machine.ReadAsync(Name)).Describe());
            Assert.Equal(["artifacts/m/checkpoints/", "artifacts/m/log/"], Store.Counting.KeysOf("list"));
        }
    }

    [Fact]
    public async Task State_larger_than_quarter_of_cache_is_not_cached()
    {
        using var small = new CachingMachine(Store.Counting, limit: 20_000);
        await small.ReadAsync(Name);
        Assert.Empty(small.CatalogFiles);
        Assert.Equal(Log.Text, (await small.ReadAsync(Name)).Describe());
    }

    [Fact]
    public async Task Least_recently_used_states_are_evicted()
    {
        await Machine.ReadAsync(Name);
        var size = new FileInfo(Assert.Single(Machine.CatalogFiles)).Length;
        using var small = new CachingMachine(Store.Counting, limit: 5 * size);
        for (var i = 0; i < 8; i++)
        {
            (await GeneratedLog.OfAsync(Store.Memory, $"m{i}")).ExtendTo(Transactions);
            await small.ReadAsync($"m{i}");
            // Makes it look as if an hour has passed since the last read.
            foreach (var file in small.CatalogFiles)
                File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddHours(-1));
            // The first state is used after each read.
            await small.ReadAsync("m0");
        }
        Assert.InRange(small.CatalogFiles.Length, 3, 5);
        Store.Counting.Reset();
        await small.ReadAsync("m0");
        Assert.Equal(3, Store.Counting.Count);
        Store.Counting.Reset();
        await small.ReadAsync("m1");
        Assert.Equal(["artifacts/m1/checkpoints/", "artifacts/m1/log/"], Store.Counting.KeysOf("list"));
    }

    [Fact]
    public async Task Cached_states_are_readable_by_user_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Folders have no such bits.");
        await Machine.ReadAsync(Name);
        Assert.Single(Machine.CatalogFiles);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Machine.Cache)
        );
    }

    [Fact]
    public async Task Concurrent_reads_writes_and_clears_are_consistent()
    {
        const int Writers = 4;
        const int ChangesPerWriter = 12;
        var done = false;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(KeepReadingAsync, Token)).ToList();
        readers.Add(Task.Run(KeepClearingAsync, Token));
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer), Token)));
        Volatile.Write(ref done, true);
        await Task.WhenAll(readers);

        var state = await new Catalog(Store.Memory, ArtifactName.Parse(Name)).ReadAsync(Token);
        Assert.Equal(Transactions + (Writers * ChangesPerWriter), state.LastTransaction);
        Assert.Equal(Writers * ChangesPerWriter, state.Aliases.Count - 1);
        Assert.Equal(state.Describe(), (await Machine.ReadAsync(Name)).Describe());
        Assert.DoesNotContain(Machine.CatalogFiles, file => FileReplacement.IsStagedName(Path.GetFileName(file)));

        async Task WriteAsync(int writer)
        {
            for (var i = 0; i < ChangesPerWriter; i++)
            {
                var action = new SetAliasAction(AliasName.Parse($"by {writer} {i}"), i);
                await (await Machine.OpenAsync())
                    .OpenCatalog(ArtifactName.Parse(Name))
                    .CommitAsync(_ => [action], null, Token);
            }
        }

        async Task KeepReadingAsync()
        {
            for (long last = 0; !Volatile.Read(ref done); )
            {
                var now = (await Machine.ReadAsync(Name)).LastTransaction;
                Assert.InRange(now, last, long.MaxValue);
                last = now;
            }
        }

        async Task KeepClearingAsync()
        {
            while (!Volatile.Read(ref done))
            {
                await Machine.ReadAsync(Name);
                foreach (var file in CacheFolder.FilesBelow(Machine.Cache, CacheFolder.BlockCacheName))
                    CacheFolder.TryDelete(file);
            }
        }
    }

    private static async Task<byte[]> CacheFileOfOtherStoreAsync()
    {
        var another = await TestStore.CreateAsync();
        (await GeneratedLog.OfAsync(another.Memory, Name)).ExtendTo(Transactions);
        using var machine = new CachingMachine(another.Memory);
        await machine.ReadAsync(Name);
        return await File.ReadAllBytesAsync(Assert.Single(machine.CatalogFiles), Token);
    }
}
