using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Catalogs;

public sealed class CatalogTests
{
    [Fact]
    public async Task Known_state_is_updated_with_one_listing()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("model", ("a", "1"));
        await store.PublishAsync("model", ("a", "2"));
        var catalog = store.Versions.OpenCatalog(ArtifactName.Parse("model"));
        var known = await catalog.ReadAsync(Token);
        store.Counting.Reset();

        Assert.Same(known, await catalog.ReadAgainAsync(known, Token));
        Assert.Equal(1, store.Counting.Count);
        Assert.Single(store.Counting.KeysOf("list"));

        await store.PublishAsync("model", ("a", "3"));
        Assert.Equal([0, 1, 2], (await catalog.ReadAgainAsync(known, Token)).VersionNumbers);
    }

    [Fact]
    public async Task Concurrent_writers_make_versions_without_gaps()
    {
        const int Writers = 16;
        var store = await TestStore.CreateAsync();
        var versions = await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(writer => Task.Run(() => store.PublishAsync("shared", ("file", $"by writer {writer}")), Token))
        );
        Assert.Equal(Enumerable.Range(0, Writers), versions.Select(version => version.Record.Number).Order());
        for (var number = 0; number < Writers; number++)
        {
            var version = await store.FindAsync($"shared:v{number}");
            Assert.Equal(
                $"by writer {Array.FindIndex(versions, v => v.Record.Number == number)}",
                await store.ReadTextAsync(version, "file")
            );
        }
        Assert.Equal(Writers - 1, (await store.FindAsync("shared")).Record.Number);
    }

    [Fact]
    public async Task Concurrent_writers_of_equal_content_make_one_version()
    {
        var store = await TestStore.CreateAsync();
        var versions = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.PublishAsync("shared", ("file", "same")), Token))
        );
        Assert.All(versions, version => Assert.Equal(0, version.Record.Number));
        Assert.Single(versions, version => !version.Deduplicated);
        Assert.Equal(["artifacts/shared/log/000000000001.json"], store.LogKeys("shared"));
    }

    [Fact]
    public async Task Concurrent_changes_are_all_kept()
    {
        var store = await TestStore.CreateAsync();
        var version = await store.PublishAsync("shared", ("file", "x"));
        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(i =>
                    Task.Run(
                        () =>
                            VersionEditor.EditAsync(
                                version,
                                new EditAction(0) { AddTags = [TagName.Parse($"tag {i}")] },
                                null,
                                Token
                            ),
                        Token
                    )
                )
        );
        var tags = (await store.FindAsync("shared:v0")).Record.Tags;
        Assert.Equal(Enumerable.Range(0, 16).Select(i => $"tag {i}").Order(), tags.Texts().Order());
    }

    [Fact]
    public async Task Number_of_deleted_version_is_not_reused()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("file", "0"));
        await store.PublishAsync("m", ("file", "1"));
        await DeleteAsync(store, "m:v1");
        Assert.Equal(0, (await store.FindAsync("m:latest")).Record.Number);
        Assert.Equal(2, (await store.PublishAsync("m", ("file", "1"))).Record.Number);
        await DeleteAsync(store, "m:v0");
        await DeleteAsync(store, "m:v2");
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => store.FindAsync("m"));
        Assert.Equal(3, (await store.PublishAsync("m", ("file", "0"))).Record.Number);
    }

    [Fact]
    public async Task Artifact_without_versions_can_change_type()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("file", "0"));
        await DeleteAsync(store, "m:v0");
        await using var draft = store.Begin("m", "dataset");
        var version = await draft.PublishAsync();
        Assert.Equal(("dataset", 1), (version.Record.Type.ToString(), version.Record.Number));
    }

    [Fact]
    public async Task Names_ignore_case_and_keep_first_spelling()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("MNIST", ("file", "0"));
        var second = await store.PublishAsync("mnist", ("file", "1"));
        Assert.Equal(("MNIST", 1), (second.Name.ToString(), second.Record.Number));
        Assert.Equal("MNIST:v1", (await store.FindAsync("Mnist")).Reference);
        Assert.Equal(2, store.LogKeys("mnist").Count);
        Assert.Equal(["MNIST"], await NamesAsync(store));
    }

    [Fact]
    public async Task Live_artifacts_are_listed_sorted()
    {
        var store = await TestStore.CreateAsync();
        foreach (var name in new[] { "zeta", "Beta", "alpha", "gone" })
            await store.PublishAsync(name, ("file", name));
        await DeleteAsync(store, "gone:v0");
        await using (store.Begin("draft-only"))
            Assert.Equal(["alpha", "Beta", "zeta"], await NamesAsync(store));
    }

    [Fact]
    public async Task History_has_author_and_actions()
    {
        var store = await TestStore.CreateAsync();
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var v0 = await store.PublishAsync("m", ("file", "0"));
        await VersionEditor.SetAliasesAsync(v0, [AliasName.Parse("prod")], RunId.Parse("run1"), Token);
        await VersionEditor.EditAsync(
            v0,
            new EditAction(0) { Description = "d", AddTags = [TagName.Parse("t")] },
            null,
            Token
        );
        await VersionEditor.RemoveAliasAsync(v0, AliasName.Parse("prod"), null, Token);
        await VersionEditor.DeleteAsync(v0, false, null, Token);

        var history = await store.Versions.OpenCatalog(ArtifactName.Parse("m")).HistoryAsync(Token).ToListAsync(Token);
        Assert.Equal(
            ["published v0", "alias prod -> v0", "edited v0: description, +t", "removed alias prod", "deleted v0"],
            history.Select(transaction => Assert.Single(transaction.Actions).Summary)
        );
        Assert.Equal([1L, 2, 3, 4, 5], history.Select(transaction => transaction.Number));
        Assert.Equal([null, "run1", null, null, null], history.Select(transaction => transaction.RunId?.ToString()));
        Assert.All(history, item => Assert.Equal($"{Environment.UserName}@{Environment.MachineName}", item.By));
        Assert.All(history, item => Assert.InRange(item.At, before, DateTimeOffset.UtcNow.AddSeconds(1)));
    }

    [Fact]
    public async Task Record_is_documented_JSON()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("file", "0"));
        var text = Encoding.UTF8.GetString(store.Memory["artifacts/m/log/000000000001.json"]);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        var body = text[(text.IndexOf(",\"body\":", StringComparison.Ordinal) + 8)..^2];
        Assert.StartsWith(
            $"{{\"sha256\":\"{Sha256.Of(Encoding.UTF8.GetBytes(body)).Hex}\"",
            text,
            StringComparison.Ordinal
        );
        Assert.StartsWith("{\"number\":1,\"id\":\"", body, StringComparison.Ordinal);
    }

    private static async Task DeleteAsync(TestStore store, string reference) =>
        await VersionEditor.DeleteAsync(await store.FindAsync(reference), false, null, Token);

    private static async Task<List<string>> NamesAsync(TestStore store) =>
        await store
            .Versions.ReadCatalogsAsync(_ => true, Token)
            .Select(state => state.Name.ToString())
            .ToListAsync(Token);
}
