using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace ArtifactsPS.Core.Tests.Drafts;

/// <summary>Concurrent adding of files, with the same result as sequential adding.</summary>
public sealed class FileAdderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TransferProgress _progress = new();
    private readonly ResultList<ItemFailure> _failures = [];

    // Sizes around the limit for small files. Number and bytes exceed those of one batch.
    private static int SizeOf(int file) =>
        (file % 5) switch
        {
            0 => 64 << 10,
            1 => (64 << 10) + 1,
            2 => 0,
            _ => file,
        };

    [Fact]
    public async Task Parallel_adding_gives_same_draft_as_sequential_adding()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        await using var sequential = store.Begin();
        using var adder = Adder(draft);
        for (var i = 0; i < 300; i++)
        {
            var file = _folder.Write($"{i}", Enumerable.Repeat((byte)i, SizeOf(i)).ToArray());
            await adder.AddAsync(EntryPath.Parse($"{i}"), file, i);
            await sequential.AddBytesAsync(EntryPath.Parse($"{i}"), File.ReadAllBytes(file), replace: false, Token);
        }
        await adder.CompleteAsync();

        Assert.Empty(_failures);
        Assert.Equal(await sequential.ComputeDigestAsync(Token), await draft.ComputeDigestAsync(Token));
        Assert.Equal((300, Enumerable.Range(0, 300).Sum(SizeOf)), (_progress.Files, _progress.Bytes));
        var version = await draft.PublishAsync();
        await foreach (var entry in version.Manifest.EntriesAsync(Token))
            Assert.Equal(
                File.ReadAllBytes(_folder[entry.Path.ToString()]),
                await store.Versions.Content.ReadAsync(entry.Blob, Token)
            );
    }

    [Fact]
    public async Task Equal_content_of_files_is_stored_once()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        using var adder = Adder(draft);
        for (var i = 0; i < 100; i++)
            await adder.AddAsync(EntryPath.Parse($"{i}"), _folder.Write($"{i}", i % 2 == 0 ? "even" : "odd"), i);
        await adder.CompleteAsync();

        var locations = await draft
            .EntriesAsync(EntrySelector.All, Token)
            .Select(entry => entry.Location)
            .Distinct()
            .CountAsync(Token);
        Assert.Equal(2, locations);
        Assert.Equal("98 already stored, 2 packed", _progress.Tally.Take());
    }

    [Fact]
    public async Task Unreadable_files_are_reported_and_others_are_added()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        await draft.AddTextAsync("3", "added before");
        using var adder = Adder(draft);
        for (var i = 0; i < 10; i++)
            await adder.AddAsync(EntryPath.Parse($"{i}"), i == 5 ? _folder["none"] : _folder.Write($"{i}", $"{i}"), i);
        await adder.CompleteAsync();

        var failures = _failures.OrderBy(failure => (int)failure.Item).ToList();
        Assert.Equal([3, 5], failures.Select(failure => (int)failure.Item));
        Assert.IsType<ArtifactEntryConflictException>(failures[0].Exception);
        Assert.IsType<FileNotFoundException>(failures[1].Exception);
        Assert.Equal(["0", "1", "2", "3", "4", "6", "7", "8", "9"], await draft.PathsAsync());
    }

    [Fact]
    public async Task Only_changed_files_are_stored_again()
    {
        var store = await TestStore.CreateAsync();
        await PublishAsync(store, "first");
        for (var i = 0; i < 100; i += 10)
            _folder.Write($"{i}", $"changed {i}");
        _progress.Tally.Take();
        var version = await PublishAsync(store, "second");

        Assert.Equal(
            "10 packed",
            string.Join(", ", _progress.Tally.Take()!.Split(", ").Where(t => t.Contains("packed")))
        );
        Assert.Equal("changed 90", await store.ReadTextAsync(version, "90"));
        Assert.Equal("91", await store.ReadTextAsync(version, "91"));
    }

    [Fact]
    public async Task Failure_is_remembered_until_addition_succeeds()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        await AddAsync(draft, "good", "missing");
        var failure = Assert.Throws<ArtifactIncompleteException>(draft.CheckIsComplete);
        Assert.Equal("missing", Assert.Single(failure.Failures).Item);

        // Adding another file doesn't clear it.
        await AddAsync(draft, "good");
        Assert.Throws<ArtifactIncompleteException>(draft.CheckIsComplete);
        _folder.Write("missing", "found");
        await AddAsync(draft, "missing");
        draft.CheckIsComplete();
        Assert.Equal(["good", "missing"], await draft.PathsAsync());
    }

    [Fact]
    public async Task Failure_below_folder_is_cleared_by_adding_folder()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        _folder.Write("data/a", "a");
        _folder.Link("data/broken", "nowhere");
        await AddFolderAsync();
        Assert.Throws<ArtifactIncompleteException>(draft.CheckIsComplete);

        File.Delete(_folder["data/broken"]);
        await AddFolderAsync();
        draft.CheckIsComplete();

        async Task AddFolderAsync()
        {
            using var adder = Adder(draft);
            await adder.AddAsync(new FolderScanner(_folder["data"]), "");
            await adder.CompleteAsync();
        }
    }

    [Fact]
    public async Task Slow_addition_of_folder_gets_total()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        var time = new FakeTimeProvider();
        foreach (var file in new[] { "data/a", "data/b.log", "data/sub/c", "data/sub/d.log", "data/skipped/e" })
            _folder.Write(file, "four");
        var reports = new List<string>();
        var scanner = new FolderScanner(_folder["data"])
        {
            IsExcluded = path => path == "skipped",
            IsIncluded = path => !path.EndsWith(".log", StringComparison.Ordinal),
            OnNotIncluded = reports.Add,
            OnExcluded = path =>
            {
                reports.Add(path);
                time.Advance(FolderTotal.CountsAfter);
                SpinWait.SpinUntil(() => _progress.TotalFiles > 0, TimeSpan.FromMinutes(1));
            },
        };
        using var adder = new FileAdder(draft, replace: false, _failures, _progress, Token) { Time = time };
        await adder.AddAsync(EntryPath.Parse("before"), _folder.Write("before", "1"), "before");
        await adder.AddAsync(scanner, "");
        var total = (_progress.TotalFiles, _progress.TotalBytes);
        await adder.AddAsync(EntryPath.Parse("after"), _folder.Write("after", "12"), "after");
        await adder.CompleteAsync();

        Assert.Equal(3, total.TotalFiles);
        Assert.InRange(total.TotalBytes, 8, 9);
        Assert.Equal((4, total.TotalBytes + 2), (_progress.TotalFiles, _progress.TotalBytes));
        Assert.Equal((4, 11), (_progress.Files, _progress.Bytes));
        Assert.Equal(["b.log", "skipped", "sub/d.log"], reports);
    }

    [Theory]
    [InlineData(true, -1)]
    [InlineData(false, 0)]
    public async Task Folder_added_fast_or_unwatched_is_scanned_once(bool isWatched, int millisecondsLate)
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        var time = new FakeTimeProvider();
        _folder.Write("data/a", "1");
        var scanned = 0;
        var scanner = new FolderScanner(_folder["data"])
        {
            IsIncluded = _ =>
            {
                time.Advance(FolderTotal.CountsAfter + TimeSpan.FromMilliseconds(millisecondsLate));
                return Interlocked.Increment(ref scanned) > 0;
            },
        };
        using (
            var adder = new FileAdder(draft, replace: false, _failures, _progress, Token)
            {
                Time = time,
                CountsFolders = isWatched,
            }
        )
        {
            await adder.AddAsync(scanner, "");
            await adder.CompleteAsync();
        }
        time.Advance(FolderTotal.CountsAfter);

        Assert.Equal((1, 0, 1), (scanned, _progress.TotalFiles, _progress.Files));
    }

    [Fact]
    public async Task Interrupted_addition_is_remembered_until_repeated()
    {
        var failing = new FailingObjectStore(new MemoryObjectStore());
        var versions = await VersionStore.CreateAsync(failing, Token);
        await using var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse("m"), TypeName.Parse("model"), []);
        failing.FailAt(1);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(draft, "a", "b"));
        var failure = Assert.Throws<ArtifactIncompleteException>(draft.CheckIsComplete);
        Assert.Equal("a", Assert.Single(failure.Failures).Item);

        await AddAsync(draft, "a", "b");
        draft.CheckIsComplete();
        Assert.Equal(["a", "b"], await draft.PathsAsync());
    }

    [Fact]
    public async Task Empty_draft_fails_check()
    {
        var store = await TestStore.CreateAsync();
        await using var empty = store.Begin();
        Assert.Throws<ArtifactEmptyException>(() => empty.CheckIsNotEmpty(orRemoves: true));
        await using var emptied = ArtifactDraft.From(await store.PublishAsync("m", ("file", "1")));
        emptied.CheckIsNotEmpty(orRemoves: false);
        await emptied.RemoveAsync("file");
        emptied.CheckIsNotEmpty(orRemoves: true);
        Assert.Throws<ArtifactEmptyException>(() => emptied.CheckIsNotEmpty(orRemoves: false));
    }

    public void Dispose() => _folder.Dispose();

    // Creates the files, except for a missing one.
    private async Task AddAsync(ArtifactDraft draft, params string[] names)
    {
        using var adder = Adder(draft);
        foreach (var name in names)
        {
            if (name != "missing")
                _folder.Write(name, name);
            await adder.AddAsync(EntryPath.Parse(name), _folder[name], name);
        }
        await adder.CompleteAsync();
    }

    private FileAdder Adder(ArtifactDraft draft) => new(draft, replace: false, _failures, _progress, Token);

    private async Task<PublishedVersion> PublishAsync(TestStore store, string alias)
    {
        await using var draft = store.Begin();
        using var adder = Adder(draft);
        for (var i = 0; i < 100; i++)
            await adder.AddAsync(
                EntryPath.Parse($"{i}"),
                File.Exists(_folder[$"{i}"]) ? _folder[$"{i}"] : _folder.Write($"{i}", $"{i}"),
                i
            );
        await adder.CompleteAsync();
        return await draft.PublishAsync(alias);
    }
}
