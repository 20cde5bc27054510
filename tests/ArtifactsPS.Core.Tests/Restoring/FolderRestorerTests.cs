using System.Diagnostics;
using System.Globalization;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

public sealed class FolderRestorerTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);

    private readonly RestoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Version_is_restored_byte_for_byte()
    {
        var version = await _fixture.PublishAsync();
        var restored = await _fixture.RestoreAsync(version);
        Assert.Equal(_fixture.SourceSnapshot(), _fixture.DestinationSnapshot());
        Assert.Empty(restored.Failures);
        Assert.Equal(7, restored.Restored.Count);
        Assert.Contains(_fixture.Folder["destination/deep/er/b.txt"], restored.Restored);
    }

    [Fact]
    public async Task Executable_bit_is_restored_and_corrected()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no such bit.");
        var version = await _fixture.PublishAsync();
        await _fixture.RestoreAsync(version);
        var script = _fixture.Folder["destination/" + RestoreFixture.Script];
        var text = _fixture.Folder["destination/a.txt"];
        Assert.True(FileState.Of(script).Executable);
        Assert.False(FileState.Of(text).Executable);

        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(text, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetLastWriteTimeUtc(script, LongAgo);
        await _fixture.RestoreAsync(version);
        Assert.True(FileState.Of(script).Executable);
        Assert.False(FileState.Of(text).Executable);
        Assert.Equal(LongAgo, File.GetLastWriteTimeUtc(script));
    }

    [Fact]
    public async Task Matching_files_stay_and_changed_files_are_replaced()
    {
        var version = await _fixture.PublishAsync();
        await _fixture.RestoreAsync(version);
        var folder = _fixture.Folder;
        foreach (var file in _fixture.SourceSnapshot().Keys)
            File.SetLastWriteTimeUtc(folder["destination/" + file], LongAgo);
        folder.Write("destination/a.txt", "TEXT of a");
        folder.Write("destination/large.bin", "short");
        File.Delete(folder["destination/empty"]);
        folder.Write("destination/extra", "kept");

        await _fixture.RestoreAsync(version);
        foreach (var file in _fixture.SourceSnapshot().Keys)
            Assert.Equal(
                file is not ("a.txt" or "large.bin" or "empty"),
                File.GetLastWriteTimeUtc(folder["destination/" + file]) == LongAgo
            );
        Assert.Equal("kept", folder.Read("destination/extra"));
        File.Delete(folder["destination/extra"]);
        Assert.Equal(_fixture.SourceSnapshot(), _fixture.DestinationSnapshot());
    }

    [Fact]
    public async Task Clean_removes_files_missing_from_version()
    {
        var version = await _fixture.PublishAsync();
        var folder = _fixture.Folder;
        folder.Write("beside", "kept");
        folder.Write("destination/extra", "");
        folder.Write("destination/deep/extra", "");
        folder.Write("destination/other/sub/extra", "");
        if (Links.AreSupported)
            folder.Link("destination/link", folder["source"]);
        Directory.CreateDirectory(folder["destination/empty folder"]);
        var restored = await _fixture.RestoreAsync(version, new RestoreOptions { Clean = true });
        Assert.Equal(_fixture.SourceSnapshot(), _fixture.DestinationSnapshot());
        Assert.False(Directory.Exists(folder["destination/empty folder"]));
        Assert.False(Directory.Exists(folder["destination/other"]));
        Assert.Equal("kept", folder.Read("beside"));
        Assert.Equal("text of a", folder.Read("source/a.txt"));
        Assert.Contains(folder["destination/deep/extra"], restored.Removed);
    }

    [Fact]
    public async Task Long_runs_of_zeros_are_restored_as_holes()
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "Only on Linux are holes written.");
        var large = new byte[ContentWriter.LargeFileSize * 2 + 5];
        new Random(3).NextBytes(large.AsSpan(4_000_000, 100_000));
        var small = new byte[300_000];
        small[150_000] = 1;
        _fixture.Folder.Write("source/holes/large", large);
        _fixture.Folder.Write("source/holes/small", small);
        _fixture.Folder.Write("source/holes/zeros", new byte[200_000]);
        var version = await _fixture.PublishAsync();
        Assert.Empty((await _fixture.RestoreAsync(version)).Failures);
        Assert.Equal(_fixture.SourceSnapshot(), _fixture.DestinationSnapshot());
        Assert.InRange(AllocatedBytes("large"), 100_000, 300_000);
        Assert.InRange(AllocatedBytes("small"), 1, 100_000);
        Assert.Equal(0, AllocatedBytes("zeros"));

        long AllocatedBytes(string name)
        {
            var start = new ProcessStartInfo("stat", ["-c", "%b", _fixture.Folder["destination/holes/" + name]])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            return 512 * long.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task Concurrent_clean_restores_both_succeed()
    {
        var first = await _fixture.PublishAsync([.. Enumerable.Range(0, 40).Select(i => $"dir {i % 7}/first {i}")]);
        var second = await _fixture.PublishAsync([.. Enumerable.Range(0, 40).Select(i => $"dir {i % 9}/second {i}")]);
        var clean = new RestoreOptions { Clean = true };
        for (var round = 0; round < 5; round++)
        {
            var all = new[] { first, second, first, second }.Select(version =>
                Task.Run(() => _fixture.RestoreAsync(version, clean), Token)
            );
            Assert.All(await Task.WhenAll(all), results => Assert.Empty(results.Failures));
            var files = _fixture.DestinationSnapshot().Keys;
            Assert.Equal(40, files.Count);
            Assert.Single(files.Select(file => file.Contains("first", StringComparison.Ordinal)).Distinct());
            if (round % 2 == 0)
                Directory.Delete(_fixture.Destination, recursive: true);
        }
    }

    [Fact]
    public async Task Clean_keeps_unselected_files_of_version()
    {
        var version = await _fixture.PublishAsync();
        await _fixture.RestoreAsync(version);
        _fixture.Folder.Write("destination/a.txt", "changed");
        _fixture.Folder.Write("destination/extra", "");
        await _fixture.RestoreAsync(
            version,
            new RestoreOptions { Clean = true, Selector = EntrySelector.FileOrFolder("deep/") }
        );
        Assert.Equal("changed", _fixture.Folder.Read("destination/a.txt"));
        Assert.False(File.Exists(_fixture.Folder["destination/extra"]));
    }

    [Fact]
    public async Task Clean_after_failure_removes_nothing()
    {
        await _fixture.PublishAsync();
        _fixture.ForEachObject(file => Damage(file, 3));
        _fixture.Folder.Write("destination/extra", "kept");
        var version = await _fixture.ReopenAsync();
        var restored = await _fixture.RestoreAsync(version, new RestoreOptions { Clean = true });
        Assert.NotEmpty(restored.Failures);
        Assert.Equal("kept", _fixture.Folder.Read("destination/extra"));
    }

    [Theory]
    [InlineData("deep/er/b.txt")]
    [InlineData("deep/")]
    [InlineData("deep")]
    [InlineData("deep/er")]
    public async Task Selected_file_or_folder_is_restored(string path)
    {
        var version = await _fixture.PublishAsync();
        await _fixture.RestoreAsync(version, new RestoreOptions { Selector = EntrySelector.FileOrFolder(path) });
        Assert.Equal(["deep/er/b.txt"], _fixture.DestinationSnapshot().Keys);
    }

    [Fact]
    public async Task Missing_entry_fails_and_unmatched_pattern_does_not()
    {
        var version = await _fixture.PublishAsync();
        await Assert.ThrowsAsync<ArtifactEntryNotFoundException>(() =>
            _fixture.RestoreAsync(version, new RestoreOptions { Selector = EntrySelector.FileOrFolder("none") })
        );
        Assert.False(Directory.Exists(_fixture.Destination));
        await _fixture.RestoreAsync(
            version,
            new RestoreOptions { Selector = EntrySelector.Matching("*.none", "", _ => false) }
        );
        Assert.Empty(_fixture.DestinationSnapshot());
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("delete")]
    public async Task Damaged_content_leaves_no_file(string damage)
    {
        await _fixture.PublishAsync();
        _fixture.Folder.Write("destination/a.txt", "what was there");
        // The pack begins with the small files, and ends with the page, which must stay for the version to be read.
        _fixture.ForEachObject(file =>
        {
            if (file.Length > ContentWriter.LargeFileSize && damage == "delete")
                file.Delete();
            else
                Damage(file, 3);
        });
        var restored = await _fixture.RestoreAsync(await _fixture.ReopenAsync());
        var failed = restored.Failures.Select(failure => (string)failure.Item).ToList();
        Assert.Contains("large.bin", failed);
        Assert.InRange(failed.Count, 2, 3);
        Assert.All(
            restored.Failures,
            failure => Assert.True(failure.Exception is ObjectCorruptException or ObjectMissingException)
        );
        // Each file is complete or absent. Only a complete file replaces an existing one.
        var source = _fixture.SourceSnapshot();
        foreach (var (file, digest) in _fixture.DestinationSnapshot())
            if (file != "a.txt" || !failed.Contains(file))
                Assert.Equal(source[file], digest);
            else
                Assert.Equal("what was there", _fixture.Folder.Read("destination/a.txt"));
        Assert.Equal(7 - failed.Count, restored.Restored.Count);
    }

    [Fact]
    public async Task Interrupted_restore_can_be_run_again()
    {
        var version = await _fixture.PublishAsync();
        using var stop = new CancellationTokenSource();
        var stopping = await VersionStore.OpenAsync(
            new StoppingStore(new FolderObjectStore(_fixture.Folder["store"]), stop),
            Token
        );
        var found = await stopping.FindAsync(ArtifactReference.Parse("data"), Token);
        var restorer = new FolderRestorer(
            found,
            _fixture.Destination,
            new RestoreOptions(),
            new RestoreResults(),
            new TransferProgress()
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => restorer.RestoreAsync(stop.Token));
        var source = _fixture.SourceSnapshot();
        Assert.All(_fixture.DestinationSnapshot(), file => Assert.Equal(source[file.Key], file.Value));

        await _fixture.RestoreAsync(version);
        Assert.Equal(source, _fixture.DestinationSnapshot());
    }

    [Fact]
    public async Task References_to_files_are_copied_and_others_skipped()
    {
        var name = "outside/%41 #1" + (OperatingSystem.IsWindows() ? "" : "?");
        var original = _fixture.Folder.Write(name, "original");
        var (digest, size) = ReferencedFile.Hash(original, Token);
        var v0 = await _fixture.PublishAsync("a");
        await using var draft = ArtifactDraft.From(v0);
        await draft.AddAsync(
            ManifestEntry.Reference(EntryPath.Parse("ref.txt"), ReferencedFile.UriOf(original), digest, size),
            false,
            Token
        );
        await draft.AddAsync(
            ManifestEntry.Reference(EntryPath.Parse("web"), "https://example.com/x", null, null),
            false,
            Token
        );
        var version = await draft.PublishAsync();
        var restored = await _fixture.RestoreAsync(version);
        Assert.Equal("original", _fixture.Folder.Read("destination/ref.txt"));
        Assert.Equal(["web"], restored.Skipped.Select(entry => entry.Path.ToString()));

        _fixture.Folder.Write(name, "changed!");
        File.Delete(_fixture.Folder["destination/ref.txt"]);
        restored = await _fixture.RestoreAsync(version);
        Assert.IsType<ReferenceChangedException>(Assert.Single(restored.Failures).Exception);
        Assert.Equal(["a"], _fixture.DestinationSnapshot().Keys);
    }

    [Theory]
    [InlineData("/a b/%41%2F/\u00e9\U0001F600/#x?y=1&z")]
    [InlineData("/plain")]
    [InlineData("/a\\b/[c]")]
    [InlineData("/a+b;c=d@e:f")]
    public void Path_survives_conversion_to_URI(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Paths are others there.");
        Assert.Equal(path, ReferencedFile.PathOf(ReferencedFile.UriOf(path)));
        Assert.Null(ReferencedFile.PathOf("https://example.com" + path));
    }

    private static void Damage(FileInfo file, int offset)
    {
        using var stream = file.Open(FileMode.Open, FileAccess.ReadWrite);
        stream.Seek(offset, SeekOrigin.Begin);
        var value = stream.ReadByte();
        stream.Seek(offset, SeekOrigin.Begin);
        stream.WriteByte((byte)(value ^ 1));
    }

    // Stopped once the first content is asked for: the page was the one read before.
    private sealed class StoppingStore(IObjectStore inner, CancellationTokenSource stop) : StoreDecorator(inner)
    {
        private int _reads;

        protected override void Before(string operation, string key)
        {
            if (operation == "read" && key.StartsWith("objects/", StringComparison.Ordinal))
                if (Interlocked.Increment(ref _reads) == 2)
                    stop.Cancel();
        }
    }
}
