using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Catalogs;

public sealed class VersionEditorTests : IAsyncLifetime
{
    private TestStore _store = null!;
    private PublishedVersion _v0 = null!;
    private PublishedVersion _v1 = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _v0 = await _store.PublishAsync("m", ("file", "0"));
        _v1 = await _store.PublishAsync("m", ("file", "1"));
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Alias_moves_and_keeps_newest_spelling()
    {
        await AliasAsync(_v0, "prod", "two");
        Assert.Equal(["latest", "PROD"], (await AliasAsync(_v1, "PROD")).Aliases.Texts());
        Assert.Equal(["two"], (await _store.FindAsync("m:v0")).Aliases.Texts());
        Assert.Equal(1, (await _store.FindAsync("m:Prod")).Record.Number);
    }

    [Fact]
    public async Task Setting_same_values_writes_nothing()
    {
        await AliasAsync(_v0, "prod");
        await EditAsync(new EditAction(0) { Description = "d", AddTags = [TagName.Parse("t")] });
        _store.Counting.Reset();
        await AliasAsync(_v0, "Prod");
        await EditAsync(
            new EditAction(0)
            {
                Description = "d",
                AddTags = [TagName.Parse("T")],
                RemoveTags = [TagName.Parse("x")],
                ExpiresAt = EditAction.Never,
            }
        );
        Assert.Empty(_store.Counting.Creations);
    }

    [Fact]
    public async Task Latest_can_be_moved_but_not_removed()
    {
        await AliasAsync(_v0, "latest");
        Assert.Equal(0, (await _store.FindAsync("m")).Record.Number);
        await Assert.ThrowsAsync<InvalidArtifactAliasException>(() =>
            VersionEditor.RemoveAliasAsync(_v0, AliasName.Parse("LATEST"), null, Token)
        );
        Assert.Equal(2, (await _store.PublishAsync("m", ("file", "2"))).Record.Number);
        Assert.Equal(2, (await _store.FindAsync("m")).Record.Number);
    }

    [Fact]
    public async Task Alias_is_removed_only_from_its_version()
    {
        await AliasAsync(_v0, "prod");
        await Assert.ThrowsAsync<ArtifactVersionNotFoundException>(() =>
            VersionEditor.RemoveAliasAsync(_v1, AliasName.Parse("prod"), null, Token)
        );
        Assert.Empty((await VersionEditor.RemoveAliasAsync(_v0, AliasName.Parse("PROD"), null, Token)).Aliases);
        await Assert.ThrowsAsync<ArtifactVersionNotFoundException>(() => _store.FindAsync("m:prod"));
    }

    [Fact]
    public async Task Tags_description_metadata_and_expiry_are_edited_independently()
    {
        var expiry = new DateTimeOffset(2040, 1, 2, 3, 4, 5, TimeSpan.FromHours(2));
        await EditAsync(
            new EditAction(0)
            {
                AddTags = [TagName.Parse("a"), TagName.Parse("B"), TagName.Parse("c")],
                Metadata = new JObject { ["x"] = 1 },
            }
        );
        await EditAsync(
            new EditAction(0)
            {
                RemoveTags = [TagName.Parse("b")],
                AddTags = [TagName.Parse("d"), TagName.Parse("A")],
                ExpiresAt = expiry,
            }
        );
        await EditAsync(new EditAction(0) { Description = "text" });
        await _store.ReopenAsync();
        var record = (await _store.FindAsync("m:v0")).Record;
        Assert.Equal(["a", "c", "d"], record.Tags.Texts());
        Assert.Equal(1, (int)record.Metadata!["x"]!);
        Assert.Equal(("text", expiry), (record.Description, record.ExpiresAt));
        Assert.Equal(_v0.Record.Digest, record.Digest);

        await EditAsync(new EditAction(0) { Description = "", ExpiresAt = EditAction.Never });
        await _store.ReopenAsync();
        record = (await _store.FindAsync("m:v0")).Record;
        Assert.Equal(("", null), (record.Description, record.ExpiresAt));
        Assert.Empty((await _store.FindAsync("m:v1")).Record.Tags);
    }

    [Fact]
    public async Task Invalid_tag_is_refused()
    {
        await Assert.ThrowsAsync<InvalidArtifactTagException>(() =>
            EditAsync(new EditAction(0) { AddTags = [TagName.Parse("good"), TagName.Parse("a/b")] })
        );
        Assert.Empty((await _store.FindAsync("m:v0")).Record.Tags);
    }

    [Fact]
    public async Task Version_with_alias_is_deleted_only_by_force()
    {
        await AliasAsync(_v0, "prod", "best");
        var error = await Assert.ThrowsAsync<AliasInUseException>(() => DeleteAsync(_v0, force: false));
        Assert.Contains("'prod'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'best'", error.Message, StringComparison.Ordinal);
        Assert.NotNull(await _store.FindAsync("m:v0"));

        var (reference, aliases) = Assert.Single(await DeleteAsync(_v0, force: true));
        Assert.Equal("m:v0", reference);
        Assert.Equal(["best", "prod"], aliases.Texts());
        await Assert.ThrowsAsync<ArtifactVersionNotFoundException>(() => _store.FindAsync("m:prod"));
    }

    [Fact]
    public async Task Deleting_latest_moves_alias_to_newest_version()
    {
        await DeleteAsync(_v1, force: false);
        Assert.Equal(0, (await _store.FindAsync("m")).Record.Number);
    }

    [Fact]
    public async Task Deleting_all_versions_is_one_transaction()
    {
        await AliasAsync(_v0, "prod");
        await Assert.ThrowsAsync<AliasInUseException>(() =>
            VersionEditor.DeleteAllAsync(_v1, [0, 1], false, null, Token)
        );
        Assert.NotNull(await _store.FindAsync("m:v1"));
        _store.Counting.Reset();
        Assert.Equal(2, (await VersionEditor.DeleteAllAsync(_v1, [0, 1], true, null, Token)).Count);
        Assert.Single(_store.Counting.Creations);
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => _store.FindAsync("m"));
    }

    [Fact]
    public async Task Version_deleted_by_other_writer_is_not_found()
    {
        await DeleteAsync(_v0, force: false);
        await Assert.ThrowsAsync<ArtifactVersionNotFoundException>(() => DeleteAsync(_v0, force: false));
        await Assert.ThrowsAsync<ArtifactVersionNotFoundException>(() => AliasAsync(_v0, "x"));
        await Assert.ThrowsAsync<ArtifactVersionNotFoundException>(() =>
            EditAsync(new EditAction(0) { Description = "x" })
        );
    }

    private static Task<PublishedVersion> AliasAsync(PublishedVersion version, params string[] aliases) =>
        VersionEditor.SetAliasesAsync(version, [.. aliases.Select(AliasName.Parse)], null, Token);

    private Task<PublishedVersion> EditAsync(EditAction edit) => VersionEditor.EditAsync(_v0, edit, null, Token);

    private static Task<IReadOnlyList<(string Reference, IReadOnlyList<AliasName> Aliases)>> DeleteAsync(
        PublishedVersion version,
        bool force
    ) => VersionEditor.DeleteAsync(version, force, null, Token);
}
