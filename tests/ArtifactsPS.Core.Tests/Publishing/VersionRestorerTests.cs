using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Publishing;

/// <summary>Deleted versions come back as they were until their content is purged.</summary>
public sealed class VersionRestorerTests : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private TestStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await TestStore.CreateAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task Restored_version_is_as_before()
    {
        var version = await _store.PublishAsync("M", ("a.txt", "A"), ("b/c.txt", "C"));
        await VersionEditor.SetAliasesAsync(version, [AliasName.Parse("prod")], null, Token);
        var edited = await VersionEditor.EditAsync(
            version,
            new EditAction(0) { Description = "text", AddTags = [TagName.Parse("good")] },
            null,
            Token
        );
        await _store.PublishAsync("M", ("a.txt", "second"));
        await DeleteAsync(0);
        await _store.PublishAsync("M", ("a.txt", "third"));

        var restored = await RestoreAsync(0);

        Assert.Equal(VersionPage.ToLine(edited.Record), VersionPage.ToLine(restored.Version.Record));
        Assert.Equal(["prod"], restored.FormerAliases.Texts());
        Assert.Empty(restored.Version.Aliases);
        Assert.Equal("M:v2", (await _store.FindAsync("m:latest")).Reference);
        Assert.Equal("C", await _store.ReadTextAsync(restored.Version, "b/c.txt"));
        Assert.Equal("M:v3", (await _store.PublishAsync("M", ("a.txt", "fourth"))).Reference);
    }

    [Fact]
    public async Task Second_restore_includes_edits_after_first_one()
    {
        var version = await _store.PublishAsync("m", ("a.txt", "A"));
        await DeleteAsync(0);
        await RestoreAsync(0);
        await VersionEditor.EditAsync(version, new EditAction(0) { Description = "later" }, null, Token);
        await DeleteAsync(0);

        Assert.Equal("later", (await RestoreAsync(0)).Version.Record.Description);
    }

    // Latest before the deletion, the deleted versions, the restored one, and the expected latest.
    [Theory]
    [InlineData(2, new[] { 2 }, 2, 2)]
    [InlineData(2, new[] { 1 }, 1, 2)]
    [InlineData(1, new[] { 2 }, 2, 1)]
    [InlineData(1, new[] { 1 }, 1, 2)]
    [InlineData(2, new[] { 2, 1, 0 }, 1, 1)]
    public async Task Restored_version_gets_latest_back(int latest, int[] deleted, int restored, int expected)
    {
        for (var i = 0; i < 3; i++)
            await _store.PublishAsync("m", ("a.txt", $"{i}"));
        await VersionEditor.SetAliasesAsync(await _store.FindAsync($"m:v{latest}"), [AliasName.Latest], null, Token);
        foreach (var number in deleted)
            await DeleteAsync(number);

        await RestoreAsync(restored);

        Assert.Equal($"m:v{expected}", (await _store.FindAsync("m:latest")).Reference);
    }

    [Fact]
    public async Task Condemned_content_is_brought_back_until_purged()
    {
        var version = await _store.PublishAsync("m", ("a.txt", "A"));
        await _store.PublishAsync("m", ("b.txt", "B"));
        await DeleteAsync(0);
        await CleanAsync();
        Assert.DoesNotContain(version.RootKey(), _store.Memory.Keys);

        var restored = await RestoreAsync(0);

        Assert.Contains(version.RootKey(), _store.Memory.Keys);
        await CleanAsync();
        await CleanAsync();
        Assert.Equal("A", await _store.ReadTextAsync(restored.Version, "a.txt"));
        Assert.Empty(await _store.Memory.CheckAsync(full: true));

        await DeleteAsync(0);
        await CleanAsync();
        await CleanAsync();
        var log = _store.LogKeys("m").Count;
        var error = await Assert.ThrowsAsync<ObjectCleanedUpException>(() => RestoreAsync(0));
        Assert.Equal("m:v0", error.Target);
        Assert.Contains("its content was purged", error.Message, StringComparison.Ordinal);
        Assert.Equal(log, _store.LogKeys("m").Count);
    }

    [Fact]
    public async Task Passed_expiry_is_removed()
    {
        foreach (var (text, expiry) in new[] { ("past", DateTimeOffset.UnixEpoch), ("future", Timestamp.Now() + Day) })
        {
            var version = await _store.PublishAsync("m", ("a.txt", text));
            await VersionEditor.EditAsync(
                version,
                new EditAction(version.Record.Number) { ExpiresAt = expiry },
                null,
                Token
            );
            await DeleteAsync(version.Record.Number);
        }
        Assert.Null((await RestoreAsync(0)).Version.Record.ExpiresAt);
        Assert.NotNull((await RestoreAsync(1)).Version.Record.ExpiresAt);
    }

    [Fact]
    public async Task Version_that_was_not_deleted_is_refused()
    {
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => RestoreAsync(0));
        await _store.PublishAsync("m", ("a.txt", "A"));
        Assert.Equal("m:v0", (await Assert.ThrowsAsync<ArtifactVersionExistsException>(() => RestoreAsync(0))).Target);
        await Assert.ThrowsAsync<ArtifactVersionNotFoundException>(() => RestoreAsync(1));
    }

    [Fact]
    public async Task Version_of_another_type_is_refused()
    {
        await _store.PublishAsync("m", ("a.txt", "A"));
        await DeleteAsync(0);
        await using (var draft = _store.Begin("m", "other"))
        {
            await draft.AddTextAsync("b.txt", "B");
            await draft.PublishAsync();
        }
        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => RestoreAsync(0));
        await DeleteAsync(1);

        Assert.Equal("model", (await RestoreAsync(0)).Version.Record.Type.ToString());
    }

    [Fact]
    public async Task One_of_concurrent_restores_succeeds()
    {
        await _store.PublishAsync("m", ("a.txt", "A"));
        await DeleteAsync(0);
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        try
                        {
                            await RestoreAsync(0);
                            return true;
                        }
                        catch (ArtifactVersionExistsException)
                        {
                            return false;
                        }
                    })
                )
        );
        Assert.Single(results, succeeded => succeeded);
        Assert.DoesNotContain(_store.Memory.Keys, key => key.StartsWith(StoreLayout.Intents, StringComparison.Ordinal));
    }

    private Task<RestoredVersion> RestoreAsync(int number) =>
        VersionRestorer.RestoreAsync(_store.Versions, ArtifactName.Parse("m"), number, null, Token);

    private async Task DeleteAsync(int number) =>
        await VersionEditor.DeleteAsync(await _store.FindAsync($"m:v{number}"), true, null, Token);

    // Condemns what is not needed, and purges what was condemned before.
    private async Task CleanAsync()
    {
        _store.Memory.Age(2 * Day);
        var optimizer = new StoreOptimizer(
            await VersionStore.OpenAsync(_store.Memory, Token),
            new CleanupOptions { GracePeriod = Day },
            new TransferProgress()
        );
        foreach (var planned in await optimizer.PlanAsync(Token))
            await optimizer.CleanUpAsync(planned.Kind, Token);
    }
}
