using System.IO.Compression;
using System.Text;
using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Content.Index;

/// <summary>Equal content is stored once in a store, whatever artifact or command it comes from.</summary>
public sealed class SharedContentTests : IAsyncLifetime, IDisposable
{
    private const int SmallFiles = 40;
    private const int FileSize = 10_000;
    private const int LargeSize = 20 << 20;

    private readonly TemporaryFolder _folder = new();
    private TestStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        var random = new Random(1);
        var bytes = new byte[FileSize];
        for (var i = 0; i < SmallFiles; i++)
        {
            random.NextBytes(bytes);
            _folder.Write($"small {i}", bytes);
        }
    }

    public ValueTask DisposeAsync() => default;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_under_another_name_are_not_stored_again()
    {
        await PublishSmallAsync("one");
        await AssertStoresLittleAsync(async () => await PublishSmallAsync("two", folder: "other/"));
    }

    [Fact]
    public async Task Files_of_a_former_version_are_not_stored_again()
    {
        await PublishSmallAsync("one");
        await _store.PublishAsync("one", ("a", "other content"));
        await _store.PublishAsync("one", ("a", "and another"));
        await AssertStoresLittleAsync(async () => await PublishSmallAsync("one", folder: "back/"));
    }

    [Fact]
    public async Task Large_file_under_another_name_is_not_stored_again()
    {
        var file = _folder.Write("large", LargeText());
        await PublishFilesAsync("one", file);
        await AssertStoresLittleAsync(async () => await PublishFilesAsync("two", file), below: 3_000);
    }

    [Fact]
    public async Task File_stored_in_chunks_is_not_stored_as_object()
    {
        var bytes = new byte[LargeSize];
        new Random(4).NextBytes(bytes);
        await PublishFilesAsync("one", _folder.Write("random", bytes));
        bytes[5] ^= 1;
        var file = _folder.Write("random", bytes);
        await using (var draft = ArtifactDraft.From(await _store.FindAsync("one")))
        {
            await draft.AddFileAsync(EntryPath.Parse("random"), file, replace: true, new TransferProgress(), Token);
            await draft.PublishAsync();
        }
        await AssertStoresLittleAsync(async () => await PublishFilesAsync("two", file));
    }

    [Fact]
    public async Task Changed_large_file_under_another_name_stores_few_chunks()
    {
        var text = LargeText();
        await PublishFilesAsync("one", _folder.Write("large", text));
        var stored = StoredBytes();
        text[text.Length / 2] ^= 1;
        var version = await PublishFilesAsync("two", _folder.Write("changed", text));
        Assert.InRange(StoredBytes() - stored, 1, stored / 4);
        var entry = await version.Manifest.FindAsync(EntryPath.Parse("changed"), Token);
        Assert.Equal(text, await _store.Versions.Content.ReadAsync(entry!.Blob, Token));
    }

    [Fact]
    public async Task Contributed_files_are_not_stored_again()
    {
        await PublishSmallAsync("one");
        await AssertStoresLittleAsync(async () =>
        {
            await using var draft = await SmallDraftAsync("parts", "");
            await draft.ContributeAsync("id", "shard-1");
            await _store.Versions.CompleteAsync("parts", "id");
        });
    }

    [Fact]
    public async Task Copied_files_are_not_stored_again()
    {
        var there = await TestStore.CreateAsync();
        var source = await PublishSmallAsync("one", large: LargeText());
        await CopyAsync(source, there, "copy");
        await AssertStoresLittleAsync(() => CopyAsync(source, there, "other"), there, below: 3_000);
    }

    [Fact]
    public async Task Copied_large_file_is_found_by_a_publish()
    {
        var there = await TestStore.CreateAsync();
        var file = _folder.Write("large", LargeText());
        var source = await PublishFilesAsync("one", file);
        await CopyAsync(source, there, "copy");
        await AssertStoresLittleAsync(
            async () =>
            {
                await using var draft = there.Begin("local");
                await draft.AddFileAsync("large", file);
                await draft.PublishAsync();
            },
            there,
            below: 3_000
        );
    }

    [Fact]
    public async Task Imported_files_are_not_stored_again()
    {
        var source = await PublishSmallAsync("one", large: LargeText());
        var archive = _folder["archive.zip"];
        await new ArchiveExporter(source, CompressionLevel.Fastest, new TransferProgress()).ExportAsync(
            archive,
            replace: false,
            Token
        );
        await AssertStoresLittleAsync(
            () =>
                new ArchiveImporter(archive, _store.Versions, new TransferProgress()).ImportAsync(
                    ArtifactName.Parse("imported"),
                    [],
                    null,
                    Token
                ),
            below: 3_000
        );
    }

    [Fact]
    public async Task Content_stored_again_by_a_repair_is_found()
    {
        var version = await _store.PublishAsync("one", ("a", Text('a')), ("b", Text('b')));
        await _store.Memory.DamageAsync(version, "b");
        await _store.Memory.RepairAsync();
        await _store.ReopenAsync();
        await _store.PublishAsync("one", ("a", Text('a')), ("b", Text('b')));
        await _store.ReopenAsync();
        await AssertStoresLittleAsync(async () => await _store.PublishAsync("two", ("x", Text('a')), ("y", Text('b'))));
        Assert.DoesNotContain(
            await _store.Memory.CheckAsync(full: true),
            problem => problem.Severity == ProblemSeverity.Error
        );
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("damaged")]
    public async Task Content_is_stored_again_without_the_index(string how)
    {
        await PublishSmallAsync("one");
        foreach (var key in IndexKeys())
            if (how == "deleted")
                await _store.Memory.DeleteAsync(key, Token);
            else
                _store.Memory.FlipBit(key, 40);
        await _store.ReopenAsync();

        var version = await PublishSmallAsync("two", folder: "x/");

        Assert.Equal(SmallFiles, version.Record.Root.EntryCount);
        await AssertStoresLittleAsync(async () => await PublishSmallAsync("three", folder: "y/"));
    }

    [Fact]
    public async Task Condemned_content_is_stored_again()
    {
        var version = await PublishSmallAsync("one");
        var key = await version.ObjectKeyAsync("small 0");
        var digest = StoreLayout.ObjectDigest(key)!.Value;
        Assert.True(await _store.Memory.TryMoveAsync(key, StoreLayout.TrashKey("batch", digest), Token));
        await _store.ReopenAsync();

        var other = await PublishSmallAsync("two", folder: "x/");

        Assert.NotEqual(key, await other.ObjectKeyAsync("x/small 0"));
        Assert.Contains(await other.ObjectKeyAsync("x/small 0"), _store.Memory.Keys);
    }

    private static string Text(char letter) =>
        string.Concat(Enumerable.Range(0, 1500).Select(i => $"{letter}{i * 7919 % 1009:x}"));

    // Text that shrinks, so that it is stored in chunks.
    private static byte[] LargeText()
    {
        var random = new Random(3);
        var text = new StringBuilder(LargeSize);
        while (text.Length < LargeSize)
            text.Append(random.Next()).Append('\n');
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private async Task<ArtifactDraft> SmallDraftAsync(string name, string folder)
    {
        var draft = _store.Begin(name);
        for (var i = 0; i < SmallFiles; i++)
            await draft.AddFileAsync($"{folder}small {i}", _folder[$"small {i}"]);
        return draft;
    }

    private async Task<PublishedVersion> PublishSmallAsync(string name, string folder = "", byte[]? large = null)
    {
        await using var draft = await SmallDraftAsync(name, folder);
        if (large is not null)
            await draft.AddFileAsync("large", _folder.Write("large", large));
        return await draft.PublishAsync();
    }

    private async Task<PublishedVersion> PublishFilesAsync(string name, string file)
    {
        await using var draft = _store.Begin(name);
        await draft.AddFileAsync(Path.GetFileName(file), file);
        return await draft.PublishAsync();
    }

    private static Task CopyAsync(PublishedVersion version, TestStore to, string name) =>
        new VersionCopier(version, to.Versions, ArtifactName.Parse(name), new TransferProgress()).CopyAsync(
            [],
            null,
            Token
        );

    private List<string> IndexKeys() =>
        [.. _store.Memory.Keys.Where(key => key.StartsWith(StoreLayout.Index, StringComparison.Ordinal))];

    private long StoredBytes(TestStore? store = null) =>
        (store ?? _store).Memory.Keys.Sum(key => (long)(store ?? _store).Memory[key].Length);

    // Pages, a transaction and a segment of the index, but no content.
    private async Task AssertStoresLittleAsync(Func<Task> act, TestStore? store = null, int below = FileSize * 2)
    {
        var before = StoredBytes(store);
        await act();
        Assert.InRange(StoredBytes(store) - before, 0, Math.Max(below, FileSize * 2));
    }
}
