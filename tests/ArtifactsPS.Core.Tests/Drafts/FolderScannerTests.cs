using System.Collections.Concurrent;
using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Drafts;

public sealed class FolderScannerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<ItemFailure> _failures = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scan_returns_all_files_with_relative_paths()
    {
        string[] files =
        [
            "a [b]/\u00e9.txt",
            "a [b]/c/d",
            ".hidden/.x",
            "z",
            "\uE000",
            "\U0001F600",
            new string('x', 80),
        ];
        foreach (var file in files)
            _folder.Write(file, "");
        Directory.CreateDirectory(_folder["empty"]);
        Assert.Equal(files.Order(StringComparer.Ordinal), Scan(new FolderScanner(_folder.Path)));
        Assert.Empty(_failures);
    }

    [Fact]
    public void Scan_follows_links()
    {
        _folder.Write("real/file", "x");
        _folder.Link("tree/link.txt", _folder["real/file"]);
        _folder.Link("tree/folder", _folder["real"]);
        Assert.Equal(["folder/file", "link.txt"], Scan(new FolderScanner(_folder["tree"])));
        Assert.Equal(["link.txt"], Scan(new FolderScanner(_folder["tree"]) { FollowFolderLinks = false }));
    }

    [Fact]
    public void Scan_ends_in_loop_of_links()
    {
        _folder.Write("tree/file", "");
        _folder.Link("tree/self", _folder["tree"]);
        _folder.Link("tree/sub/up", "..");
        _folder.Link("tree/sub/further/up", _folder["tree/sub"]);
        _folder.Link("tree/sub/root", _folder.Path);
        var files = Scan(new FolderScanner(_folder["tree"]));
        Assert.Contains("file", files);
        Assert.InRange(files.Count, 1, 10);
        Assert.Equal(files.Count, files.Distinct().Count());
    }

    [Fact]
    public void Two_links_to_one_folder_are_both_followed()
    {
        _folder.Write("real/file", "");
        _folder.Link("tree/one", _folder["real"]);
        _folder.Link("tree/two", _folder["real"]);
        Assert.Equal(["one/file", "two/file"], Scan(new FolderScanner(_folder["tree"])));
    }

    [Fact]
    public void Excluded_folder_is_skipped_with_everything_below()
    {
        foreach (var file in new[] { "a.txt", "b.log", "bin/x.txt", "src/c.txt", "src/bin/y.txt" })
            _folder.Write(file, "");
        var scanner = new FolderScanner(_folder.Path)
        {
            IsExcluded = path => path.Split('/')[^1] == "bin",
            IsIncluded = path => path.EndsWith(".txt", StringComparison.Ordinal),
        };
        Assert.Equal(["a.txt", "src/c.txt"], Scan(scanner));
    }

    [Fact]
    public async Task Stores_are_not_scanned_however_they_are_reached()
    {
        await VersionStore.CreateAsync(new FolderObjectStore(_folder["tree/store"]), Token);
        await VersionStore.CreateAsync(new FolderObjectStore(_folder["outside"]), Token);
        _folder.Write("tree/file", "");
        _folder.Write("outside/objects/x", "");
        _folder.Write("tree/shop/store.json", "{}");
        _folder.Link("tree/link", _folder["outside"]);
        _folder.Link("tree/into", _folder["outside/objects"]);
        var skipped = new List<string>();
        var scanner = new FolderScanner(_folder["tree"])
        {
            Stores = StoreFolders.OfUser(),
            OnStore = (folder, _) => skipped.Add(folder),
        };
        Assert.Equal(["file", "shop/store.json"], Scan(scanner));
        Assert.Equal([_folder["tree/into"], _folder["tree/link"], _folder["tree/store"]], skipped);
        foreach (var folder in new[] { "tree/store", "tree/link", "outside/objects" })
            Assert.Throws<FolderIsStoreException>(() =>
                Scan(new FolderScanner(_folder[folder]) { Stores = StoreFolders.OfUser() })
            );
    }

    [Fact]
    public void Known_store_is_recognized_without_its_record()
    {
        _folder.Write("store/objects/x", "");
        _folder.Write("file", "");
        var stores = StoreFolders.OfUser(_folder["store"]);
        Assert.Equal(["file"], Scan(new FolderScanner(_folder.Path) { Stores = stores }));
        Assert.Equal(_folder["store"], stores.Around(_folder["store/objects"]));
    }

    [Fact]
    public void Broken_links_are_skipped_on_request()
    {
        _folder.Write("file", "");
        _folder.Link("good", _folder["file"]);
        _folder.Link("broken", _folder["nowhere"]);
        _folder.Link("loop", "loop");
        var skipped = new List<string>();
        var scanner = new FolderScanner(_folder.Path) { SkipsBrokenLinks = true, OnBrokenLink = skipped.Add };
        Assert.Equal(["file", "good"], Scan(scanner));
        Assert.Equal(["broken", "loop"], skipped);
        Assert.Equal(["broken", "file", "good", "loop"], Scan(new FolderScanner(_folder.Path)));
    }

    [Fact]
    public void Missing_folder_is_reported()
    {
        Assert.Empty(Scan(new FolderScanner(_folder["none"])));
        Assert.Equal(_folder["none"], Assert.Single(_failures).Item);
    }

    [Fact]
    public async Task Broken_link_is_reported_and_other_files_are_added()
    {
        _folder.Write("tree/a", "1");
        _folder.Write("tree/b/c", "2");
        var broken = _folder.Link("tree/broken", _folder["nowhere"]);
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        var progress = new TransferProgress();
        var failures = new ResultList<ItemFailure>();
        using var adder = new FileAdder(draft, replace: false, failures, progress, Token);
        await adder.AddAsync(new FolderScanner(_folder["tree"]), "prefix/");
        await adder.CompleteAsync();

        var failure = Assert.Single(failures);
        Assert.Equal(broken, failure.Item);
        Assert.IsType<FileNotFoundException>(failure.Exception);
        Assert.Equal(["prefix/a", "prefix/b/c"], await draft.PathsAsync());
        Assert.Equal((2L, 2L), (progress.Files, progress.Bytes));
    }

    [Fact]
    public async Task Invalid_file_name_is_reported_and_others_are_added()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such names.");
        _folder.Write("tree/good", "");
        var bad = _folder.Write("tree/back\\slash", "");
        var line = _folder.Write("tree/line\nfeed", "");
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        var failures = new ResultList<ItemFailure>();
        using var adder = new FileAdder(draft, replace: false, failures, new TransferProgress(), Token);
        await adder.AddAsync(new FolderScanner(_folder["tree"]), "");
        await adder.CompleteAsync();
        Assert.Equal([bad, line], failures.Select(failure => (string)failure.Item));
        Assert.All(failures, failure => Assert.IsType<InvalidEntryPathException>(failure.Exception));
        Assert.Equal(["good"], await draft.PathsAsync());
    }

    [Fact]
    public async Task Failing_store_stops_adding()
    {
        var failing = new FailingObjectStore(new MemoryObjectStore());
        var versions = await VersionStore.CreateAsync(failing, Token);
        await using var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse("m"), TypeName.Parse("model"), []);
        var failures = new ResultList<ItemFailure>();
        using var adder = new FileAdder(draft, replace: false, failures, new TransferProgress(), Token);
        failing.FailAt(1, "stage");
        for (var i = 0; i < 2; i++)
            await adder.AddAsync(
                EntryPath.Parse($"{i}"),
                _folder.Write($"{i}", SampleContent.Random(ContentWriter.LargeFileSize + i, i)),
                i
            );
        await Assert.ThrowsAsync<StoreUnavailableException>(adder.CompleteAsync);
    }

    private List<string> Scan(FolderScanner scanner)
    {
        var found = scanner.Scan(_failures).ToList();
        Assert.All(found, item => Assert.True(File.Exists(item.File)));
        return [.. found.Select(item => item.Relative).Order(StringComparer.Ordinal)];
    }
}
