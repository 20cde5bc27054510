using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Drafts;

/// <summary>
/// Drafts whose store fails once, or whose command is cancelled, at each operation in turn. The same draft is published
/// afterwards, and its version is complete.
/// </summary>
public sealed class FailedDraftTests : IDisposable
{
    private const int MaxOperations = 400;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public enum Content
    {
        /// <summary>Small files: one pack in memory.</summary>
        Small,

        /// <summary>Many files: a pack that is written while it is filled.</summary>
        Many,

        /// <summary>A large file that is one object, and one that is divided into chunks.</summary>
        Large,
    }

    public static TheoryData<Content, StoreFault> All =>
        [
            .. from content in Enum.GetValues<Content>()
            from fault in new[] { StoreFault.Unavailable, StoreFault.Cancelled, StoreFault.AnswerLost }
            select (content, fault),
        ];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Same_draft_can_be_published_after_failure(Content content, StoreFault fault)
    {
        var files = FilesOf(content);
        for (var operation = 1; ; operation += TestSize.Step(2))
        {
            Assert.True(operation < MaxOperations, "The operation never succeeds.");
            var memory = new MemoryObjectStore();
            var failing = new FailingObjectStore(memory, fault);
            var versions = await VersionStore.CreateAsync(failing, Token);
            await using var draft = Begin(versions);
            failing.FailAt(operation);
            await AddAsync(draft, files, Token);
            await CompleteAsync(draft, files, Token);
            await AssertPublishedAsync(memory, files);
            if (!failing.HasFailed)
                break;
        }
    }

    [Theory]
    [InlineData(Content.Small)]
    [InlineData(Content.Many)]
    [InlineData(Content.Large)]
    public async Task Same_draft_can_be_published_after_cancellation(Content content)
    {
        var files = FilesOf(content);
        for (var operation = 1; ; operation += TestSize.Step(2))
        {
            Assert.True(operation < MaxOperations, "The operation never succeeds.");
            var memory = new MemoryObjectStore();
            using var cancellation = new CancellationTokenSource();
            var left = operation;
            var cancelling = new ActionOnceStore(
                memory,
                () => Interlocked.Decrement(ref left) < 0,
                () => cancellation.Cancel()
            );
            var versions = await VersionStore.CreateAsync(cancelling, Token);
            await using var draft = Begin(versions);
            await AddAsync(draft, files, cancellation.Token);
            await CompleteAsync(draft, files, cancellation.Token);
            await AssertPublishedAsync(memory, files);
            if (!cancelling.IsDone)
                break;
        }
    }

    [Fact]
    public async Task Content_lost_by_failure_is_reported_until_added_again()
    {
        var files = FilesOf(Content.Many);
        var memory = new MemoryObjectStore();
        var failing = new FailingObjectStore(memory);
        await using var draft = Begin(await VersionStore.CreateAsync(failing, Token));
        await AddAsync(draft, files, Token);
        failing.FailAt(1, "commit", StoreLayout.Objects);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => draft.PublishAsync());

        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<ArtifactIncompleteException>(() => draft.PublishAsync());
            Assert.Equal("ArtifactIncomplete", failure.ErrorId);
            Assert.Equal(files.Keys.Order(StringComparer.Ordinal), failure.Failures.Select(item => (string)item.Item));
            Assert.Contains("'00'", failure.Message, StringComparison.Ordinal);
        }
        await draft.RemoveAsync("00");
        files.Remove("00");
        await AddAsync(draft, files, Token);
        await draft.PublishAsync();
        await AssertPublishedAsync(memory, files);
    }

    [Fact]
    public async Task Contribution_with_lost_content_is_refused()
    {
        var files = FilesOf(Content.Many);
        var memory = new MemoryObjectStore();
        var failing = new FailingObjectStore(memory);
        await using var draft = Begin(await VersionStore.CreateAsync(failing, Token));
        await AddAsync(draft, files, Token);
        failing.FailAt(1, "commit", StoreLayout.Objects);
        await Assert.ThrowsAsync<StoreUnavailableException>(ContributeAsync);
        await Assert.ThrowsAsync<ArtifactIncompleteException>(ContributeAsync);
        await AddAsync(draft, files, Token);
        await ContributeAsync();
        Assert.True(draft.IsSpent);

        Task ContributeAsync() =>
            DraftContributor.ContributeAsync(draft, DistributedId.Parse("job"), "writer", null, Token);
    }

    // An addition that fails is repeated, as its error says.
    private async Task AddAsync(ArtifactDraft draft, Dictionary<string, byte[]> files, CancellationToken cancellation)
    {
        foreach (var (path, bytes) in files)
            try
            {
                await AddAsync(draft, path, bytes, cancellation);
            }
            catch (Exception e) when (e is ArtifactsException or OperationCanceledException)
            {
                await AddAsync(draft, path, bytes, Token);
            }
    }

    private async Task AddAsync(ArtifactDraft draft, string path, byte[] bytes, CancellationToken cancellation)
    {
        var entry = EntryPath.Parse(path);
        if (bytes.Length < ContentWriter.LargeFileSize)
        {
            await draft.AddBytesAsync(entry, bytes, replace: false, cancellation);
            return;
        }
        if (!File.Exists(_folder[path]))
            _folder.Write(path, bytes);
        await draft.AddFileAsync(entry, _folder[path], replace: false, new TransferProgress(), cancellation);
    }

    // Publishes until it succeeds. A failure is reported once, and lost content once.
    private async Task CompleteAsync(
        ArtifactDraft draft,
        Dictionary<string, byte[]> files,
        CancellationToken cancellation
    )
    {
        for (var attempt = 0; ; attempt++)
            try
            {
                await Publisher.PublishAsync(draft, [], [], null, attempt == 0 ? cancellation : Token);
                return;
            }
            catch (ArtifactIncompleteException e) when (attempt < 2)
            {
                foreach (var path in e.Failures.Select(failure => (string)failure.Item))
                    await AddAsync(draft, path, files[path], Token);
            }
            catch (Exception e) when (attempt == 0 && e is StoreUnavailableException or OperationCanceledException)
            {
                Assert.False(draft.IsSpent);
            }
    }

    private static async Task AssertPublishedAsync(MemoryObjectStore memory, Dictionary<string, byte[]> files)
    {
        var store = await VersionStore.OpenAsync(memory, Token);
        var version = await store.FindAsync(ArtifactReference.Parse("m"), Token);
        Assert.Equal(0, version.Record.Number);
        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), await version.PathsAsync());
        await foreach (var entry in version.Manifest.EntriesAsync(Token))
        {
            using var content = await store.Content.OpenCheckedAsync(entry.Blob, Token);
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, Token);
            Assert.Equal(Sha256.Of(files[entry.Path.ToString()]), Sha256.Of(bytes.ToArray()));
        }
    }

    private static ArtifactDraft Begin(VersionStore versions) =>
        ArtifactDraft.Begin(versions, ArtifactName.Parse("m"), TypeName.Parse("model"), []);

    private static Dictionary<string, byte[]> FilesOf(Content content) =>
        content switch
        {
            Content.Small => Enumerable
                .Range(0, 20)
                .ToDictionary(i => $"{i}", i => Encoding.UTF8.GetBytes($"text {i}")),
            Content.Many => Enumerable.Range(0, 12).ToDictionary(i => $"{i:00}", i => SampleContent.Random(1 << 20, i)),
            _ => new()
            {
                ["object"] = SampleContent.Random(ContentWriter.LargeFileSize + 100, 1),
                ["chunks"] = SampleContent.Mixed(2 * ContentWriter.LargeFileSize, 2),
                ["small"] = "small"u8.ToArray(),
            },
        };
}
