using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Drafts;

/// <summary>
/// Publishing in which each operation fails in turn. A version is complete or absent, and can be published again.
/// </summary>
public sealed class CrashSafetyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _large = new byte[ContentWriter.LargeFileSize + 100];

    public CrashSafetyTests()
    {
        new Random(3).NextBytes(_large);
        _folder.Write("large", _large);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(StoreFault.Unavailable)]
    [InlineData(StoreFault.AnswerLost)]
    public async Task Failure_at_any_operation_leaves_consistent_store(StoreFault fault)
    {
        for (var operation = 1; ; operation++)
        {
            Assert.True(operation < 200, "The operation never succeeds.");
            var memory = new MemoryObjectStore();
            var failing = new FailingObjectStore(memory, fault);
            var versions = await VersionStore.CreateAsync(failing, Token);
            await PublishAsync(versions, "0", "before");

            failing.FailAt(operation);
            var failure = await Record.ExceptionAsync(() => PublishAsync(versions, "1", "alias"));
            if (!failing.HasFailed)
                break;
            if (failure is not null)
                Assert.IsType<StoreUnavailableException>(failure);

            // Opens the store like another process, without cached state.
            var after = await VersionStore.OpenAsync(memory, Token);
            var state = await after.ReadCatalogAsync(ArtifactName.Parse("m"), Token);
            await AssertSoundAsync(after, state);
            Assert.Contains(0, state.VersionNumbers);
            // The transaction is complete or absent.
            Assert.Equal(state.Find(1) is null ? 0 : 1, state.Aliases[AliasName.Parse("latest")]);
            Assert.Equal(state.Find(1) is not null, state.Aliases.ContainsKey(AliasName.Parse("alias")));
            Assert.True(failure is not null || state.Find(1) is not null);

            var again = await PublishAsync(after, "1", "alias");
            Assert.Equal(1, again.Record.Number);
            await AssertSoundAsync(after, await after.ReadCatalogAsync(ArtifactName.Parse("m"), Token));
        }
    }

    [Fact]
    public async Task Draft_can_be_published_again_after_failed_transaction()
    {
        var failing = new FailingObjectStore(new MemoryObjectStore());
        var versions = await VersionStore.CreateAsync(failing, Token);
        await using var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse("m"), TypeName.Parse("model"), []);
        await draft.AddTextAsync("file", "1");
        failing.FailAt(1, "create");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => draft.PublishAsync());
        Assert.False(draft.IsSpent);
        var version = await draft.PublishAsync();
        Assert.Equal((0, false), (version.Record.Number, version.Deduplicated));
        Assert.Equal(["file"], await version.PathsAsync());
    }

    [Fact]
    public async Task Draft_with_missing_content_is_never_published()
    {
        for (var operation = 1; operation <= 6; operation++)
        {
            var memory = new MemoryObjectStore();
            var failing = new FailingObjectStore(memory);
            var versions = await VersionStore.CreateAsync(failing, Token);
            await using var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse("m"), TypeName.Parse("model"), []);
            await draft.AddTextAsync("file", "1");
            failing.FailAt(operation);
            if (await Record.ExceptionAsync(() => draft.PublishAsync()) is null)
                continue;
            if (await Record.ExceptionAsync(() => draft.PublishAsync()) is not null)
                continue;
            var after = await VersionStore.OpenAsync(memory, Token);
            await AssertSoundAsync(after, await after.ReadCatalogAsync(ArtifactName.Parse("m"), Token));
        }
    }

    [Fact]
    public async Task Cancelled_publish_leaves_draft_unchanged()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        await draft.AddTextAsync("file", "1");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Publisher.PublishAsync(draft, [], [], null, cancelled.Token)
        );
        Assert.False(draft.IsSpent);
        Assert.Equal(0, (await draft.PublishAsync()).Record.Number);
    }

    private async Task<PublishedVersion> PublishAsync(VersionStore versions, string text, string alias)
    {
        await using var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse("m"), TypeName.Parse("model"), []);
        for (var i = 0; i < 20; i++)
            await draft.AddTextAsync($"{i}", i == 10 ? text : $"{i}");
        _large[0] = (byte)text[0];
        await draft.AddFileAsync("large", _folder.Write("large", _large));
        return await draft.PublishAsync(alias);
    }

    private static async Task AssertSoundAsync(VersionStore versions, CatalogState state)
    {
        foreach (var number in state.VersionNumbers)
        {
            var manifest = versions.OpenManifest(state.Find(number)!);
            var findings = new ResultList<VerificationFinding>();
            var verifier = new StoredContentVerifier(versions.Content, manifest, findings, new TransferProgress());
            await verifier.VerifyAsync(Token);
            Assert.Empty(findings);
        }
        foreach (
            var key in ((MemoryObjectStore)versions.Objects).Keys.Where(key =>
                key.StartsWith("objects/", StringComparison.Ordinal)
            )
        )
            Assert.Equal(key, StoreLayout.ObjectKey(Sha256.Of(((MemoryObjectStore)versions.Objects)[key])));
    }
}
