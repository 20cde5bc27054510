using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Publishing;

public sealed class PublishingTests
{
    [Fact]
    public async Task First_version_is_v0_and_latest()
    {
        var store = await TestStore.CreateAsync();
        var version = await store.PublishAsync("m", ("a [1].txt", "text"), ("\uE000/\U0001F600", "emoji"));
        Assert.Equal("m:v0", version.Reference);
        Assert.Equal(["latest"], version.Aliases.Texts());
        Assert.False(version.Deduplicated);
        await store.ReopenAsync();
        var found = await store.FindAsync("m");
        Assert.Equal(["a [1].txt", "\uE000/\U0001F600"], await found.PathsAsync());
        Assert.Equal("emoji", await store.ReadTextAsync(found, "\uE000/\U0001F600"));
        Assert.Equal((2L, 9L), (found.Record.Root.EntryCount, found.Record.Root.TotalSize));
        Assert.Equal(version.Record.Digest, (await store.FindAsync($"m@{version.Record.Digest}")).Record.Digest);
    }

    [Fact]
    public async Task Publish_equal_content_returns_existing_version()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("file", "0"));
        await using (var second = store.Begin("m"))
        {
            await second.AddTextAsync("file", "1");
            await second.PublishAsync("prod");
        }
        store.Counting.Reset();

        await using var draft = store.Begin("m");
        await draft.AddTextAsync("file", "0");
        var again = await Publisher.PublishAsync(
            draft,
            [AliasName.Parse("prod"), AliasName.Parse("PROD"), AliasName.Parse("new")],
            [TagName.Parse("tag")],
            null,
            Token
        );
        Assert.Equal((0, true), (again.Record.Number, again.Deduplicated));
        Assert.Equal(["latest", "new", "prod"], again.Aliases.Texts());
        Assert.Equal(["tag"], again.Record.Tags.Texts());
        Assert.Equal(["artifacts/m/log/000000000003.json"], store.Counting.Creations.Select(c => c.Key));
        Assert.Empty((await store.FindAsync("m:v1")).Aliases);
    }

    [Fact]
    public async Task Publish_latest_content_again_writes_nothing()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("file", "0"));
        store.Counting.Reset();
        Assert.True((await store.PublishAsync("m", ("file", "0"))).Deduplicated);
        Assert.Empty(store.Counting.Creations);
    }

    [Fact]
    public async Task Equal_content_under_other_name_makes_version()
    {
        var store = await TestStore.CreateAsync();
        var one = await store.PublishAsync("one", ("file", "0"));
        var two = await store.PublishAsync("two", ("file", "0"));
        Assert.Equal(("two:v0", false), (two.Reference, two.Deduplicated));
        Assert.Equal(one.Record.Digest, two.Record.Digest);
    }

    [Fact]
    public async Task Publish_with_other_type_fails_and_writes_nothing()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("file", "0"));
        store.Counting.Reset();
        await using var draft = store.Begin("m", "dataset");
        await draft.AddTextAsync("file", "1");
        var error = await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => draft.PublishAsync());
        Assert.Contains("'model'", error.Message, StringComparison.Ordinal);
        Assert.Empty(store.Counting.Creations);
        Assert.False(draft.IsSpent);
    }

    [Fact]
    public async Task Types_ignore_case()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("file", "0"));
        await using var draft = store.Begin("m", "MODEL");
        Assert.Equal(1, (await draft.PublishAsync()).Record.Number);
    }

    [Fact]
    public async Task Artifact_without_entries_is_published()
    {
        var store = await TestStore.CreateAsync();
        var empty = await store.PublishAsync("m");
        await store.ReopenAsync();
        var found = await store.FindAsync("m:v0");
        Assert.Empty(await found.PathsAsync());
        Assert.Equal(empty.Record.Digest, found.Record.Digest);
        Assert.Null(await found.Manifest.FindAsync(EntryPath.Parse("a"), Token));
        Assert.Equal(1, (await store.PublishAsync("m", ("empty", ""))).Record.Number);
        Assert.True((await store.PublishAsync("m")).Deduplicated);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("")]
    [InlineData("a:b")]
    public async Task Invalid_alias_fails_before_anything_is_written(string alias)
    {
        var store = await TestStore.CreateAsync();
        store.Counting.Reset();
        await using var draft = store.Begin();
        await draft.AddTextAsync("file", "0");
        await Assert.ThrowsAsync<InvalidArtifactAliasException>(() => draft.PublishAsync(alias));
        Assert.Empty(store.Counting.Creations);
        Assert.Equal(0, (await draft.PublishAsync("good")).Record.Number);
    }

    [Fact]
    public async Task Version_has_description_metadata_and_tags_of_draft()
    {
        var store = await TestStore.CreateAsync();
        await using (
            var draft = ArtifactDraft.Begin(
                store.Versions,
                ArtifactName.Parse("m"),
                TypeName.Parse("model"),
                [TagName.Parse("One"), TagName.Parse("ONE"), TagName.Parse("two")]
            )
        )
        {
            draft.Description = "line\n\u00e9\U0001F600";
            draft.Metadata = JObject.Parse(
                """{"n":1.5,"big":9007199254740993,"list":[1,null,{"t":"2020-01-01T00:00:00Z"}]}"""
            );
            await Publisher.PublishAsync(
                draft,
                [],
                [TagName.Parse("TWO"), TagName.Parse("three")],
                RunId.Parse("run1"),
                Token
            );
        }
        await store.ReopenAsync();
        var record = (await store.FindAsync("m")).Record;
        Assert.Equal("line\n\u00e9\U0001F600", record.Description);
        Assert.Equal(["One", "two", "three"], record.Tags.Texts());
        Assert.Equal(RunId.Parse("run1"), record.RunId);
        Assert.Equal(
            """{"n":1.5,"big":9007199254740993,"list":[1,null,{"t":"2020-01-01T00:00:00Z"}]}""",
            record.Metadata!.ToString(Newtonsoft.Json.Formatting.None)
        );
    }

    [Fact]
    public async Task Metadata_that_is_too_deep_is_refused()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("file", "0"));
        await using var draft = store.Begin("m");
        var deepest = draft.Metadata = [];
        for (var i = 0; i < 100; i++)
            deepest["x"] = deepest = [];
        await Assert.ThrowsAnyAsync<Exception>(() => draft.PublishAsync());
        await store.ReopenAsync();
        Assert.Equal(0, (await store.FindAsync("m")).Record.Number);
        Assert.Equal(1, (await store.PublishAsync("m", ("file", "1"))).Record.Number);
    }

    [Fact]
    public async Task Publish_content_of_expired_version_makes_new_version()
    {
        var store = await TestStore.CreateAsync();
        var first = await store.PublishAsync("m", ("a", "1"));
        await ExpireAsync(first, DateTimeOffset.UtcNow.AddHours(1));
        Assert.Equal(0, (await store.PublishAsync("m", ("a", "1"))).Record.Number);
        await ExpireAsync(first, DateTimeOffset.UtcNow.AddHours(-1));

        var second = await store.PublishAsync("m", ("a", "1"));
        await ExpiredVersions.DeleteAsync(store.Versions, second.Key, DateTimeOffset.UtcNow, null, Token);

        Assert.Equal((1, false), (second.Record.Number, second.Deduplicated));
        Assert.Null(second.Record.ExpiresAt);
        Assert.Equal(1, (await store.PublishAsync("m", ("a", "1"))).Record.Number);
        Assert.Equal([1], (await store.Versions.ReadCatalogAsync(second.Name, Token)).VersionNumbers);

        static Task ExpireAsync(PublishedVersion version, DateTimeOffset time) =>
            VersionEditor.EditAsync(version, new EditAction(0) { ExpiresAt = time }, null, Token);
    }

    [Fact]
    public async Task Expired_version_with_alias_is_found_again()
    {
        var store = await TestStore.CreateAsync();
        var first = await store.PublishAsync("m", ("a", "1"));
        await VersionEditor.SetAliasesAsync(first, [AliasName.Parse("prod")], null, Token);
        await VersionEditor.EditAsync(
            first,
            new EditAction(0) { ExpiresAt = DateTimeOffset.UtcNow.AddHours(-1) },
            null,
            Token
        );
        Assert.Equal(0, (await store.PublishAsync("m", ("a", "1"))).Record.Number);
    }

    [Fact]
    public async Task Missing_version_error_names_given_reference()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("file", "0"));
        Assert.Equal(
            "none",
            (await Assert.ThrowsAsync<ArtifactNotFoundException>(() => store.FindAsync("none"))).Target
        );
        foreach (var text in new[] { "m:v1", "m:prod", $"m@{Digest.OfNothing}" })
            Assert.Equal(
                text,
                (await Assert.ThrowsAsync<ArtifactVersionNotFoundException>(() => store.FindAsync(text))).Target
            );
    }
}
