using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Storage.Remote;

namespace ArtifactsPS.Core.Tests.Catalogs;

public sealed class KilledEditorOnS3Tests() : KilledEditorTests(Service.S3);

public sealed class KilledEditorOnAzureTests() : KilledEditorTests(Service.Azure);

/// <summary>Killed processes that move an alias, edit or delete a version. Each change is complete or absent.</summary>
public class KilledEditorTests : KillPointTests
{
    public KilledEditorTests()
    {
        // In a folder.
    }

    protected KilledEditorTests(Service service)
        : base(service)
    {
        // On a server.
    }

    [Fact]
    public Task Killed_alias_move_is_complete_or_absent() =>
        KillAtEveryPointAsync(
            "alias",
            ["version=v0", "alias=prod"],
            PrepareAsync,
            async store =>
            {
                var state = await CheckUnchangedAsync(store);
                var isDone = state.Aliases[AliasName.Parse("prod")] == 0;
                Assert.True(isDone || state.Aliases[AliasName.Parse("prod")] == 1);
                await VersionEditor.SetAliasesAsync(
                    await FindAsync(store, "v0"),
                    [AliasName.Parse("prod")],
                    null,
                    Token
                );
                Assert.Equal(0, (await CheckUnchangedAsync(store)).Aliases[AliasName.Parse("prod")]);
                await CheckTransactionsAsync(store);
            }
        );

    [Fact]
    public Task Killed_edit_is_complete_or_absent() =>
        KillAtEveryPointAsync(
            "set",
            ["version=v0", "description=new"],
            PrepareAsync,
            async store =>
            {
                var record = (await CheckUnchangedAsync(store)).Find(0)!;
                Assert.Contains(
                    (record.Description, string.Join(',', record.Tags)),
                    new (string?, string)[] { ("new", "described"), (null, "") }
                );
                var edit = new EditAction(0) { Description = "new", AddTags = [TagName.Parse("described")] };
                await VersionEditor.EditAsync(await FindAsync(store, "v0"), edit, null, Token);
                record = (await CheckUnchangedAsync(store)).Find(0)!;
                Assert.Equal(("new", "described"), (record.Description, Assert.Single(record.Tags).ToString()));
                await CheckTransactionsAsync(store);
            }
        );

    [Fact]
    public Task Killed_deletion_is_complete_or_absent() =>
        KillAtEveryPointAsync(
            "delete",
            ["version=v0"],
            PrepareAsync,
            async store =>
            {
                var state = await store.ReadCatalogAsync(ArtifactName.Parse(Name), Token);
                if (state.Find(0) is not null)
                {
                    await CheckUnchangedAsync(store);
                    var version = await FindAsync(store, "v0");
                    await VersionEditor.DeleteAsync(version, evenIfInUse: false, null, Token);
                }
                state = await store.ReadCatalogAsync(ArtifactName.Parse(Name), Token);
                Assert.Equal([1], state.VersionNumbers);
                Assert.Equal("1", (await (await FindAsync(store, "v1")).TextsAsync())["text"]);
                await CheckTransactionsAsync(store);
            }
        );

    // Creates v0, v1 and the alias 'prod' of v1, in three transactions.
    private static async Task PrepareAsync(VersionStore store)
    {
        foreach (var text in new[] { "0", "1" })
        {
            await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse(Name), TypeName.Parse("data"), []);
            await draft.AddTextAsync("text", text);
            await draft.PublishAsync();
        }
        await VersionEditor.SetAliasesAsync(await FindAsync(store, "v1"), [AliasName.Parse("prod")], null, Token);
    }

    private static async Task<CatalogState> CheckUnchangedAsync(VersionStore store)
    {
        foreach (var text in new[] { "0", "1" })
            Assert.Equal(text, (await (await FindAsync(store, "v" + text)).TextsAsync())["text"]);
        return await store.ReadCatalogAsync(ArtifactName.Parse(Name), Token);
    }

    // A killed and repeated change is one transaction.
    private static async Task CheckTransactionsAsync(VersionStore store) =>
        Assert.Equal(4, await store.OpenCatalog(ArtifactName.Parse(Name)).HistoryAsync(Token).CountAsync(Token));

    private static Task<PublishedVersion> FindAsync(VersionStore store, string version) =>
        store.FindAsync(ArtifactReference.Parse($"{Name}:{version}"), Token);
}
