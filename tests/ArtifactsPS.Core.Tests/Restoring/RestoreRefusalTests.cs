using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

/// <summary>What can't be restored is refused before the first byte is written; nothing leaves the destination.</summary>
public sealed class RestoreRefusalTests : IDisposable
{
    private readonly RestoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("dir")]
    [InlineData("dir/sub")]
    public async Task Restore_does_not_follow_links(string link)
    {
        var version = await _fixture.PublishAsync("a", "dir/sub/file");
        var outside = Directory.CreateDirectory(_fixture.Folder["outside/sub"]).Parent!.FullName;
        _fixture.Folder.Link("destination/" + link, link == "dir" ? outside : outside + "/sub");
        var error = await Assert.ThrowsAsync<PathNotRestorableException>(() => _fixture.RestoreAsync(version));
        Assert.Equal("dir/sub/file", error.Target);
        Assert.Empty(Directory.GetFiles(outside, "*", SearchOption.AllDirectories));
        Assert.False(File.Exists(_fixture.Folder["destination/a"]));

        // With Force, the link is replaced, and its target stays.
        _fixture.Folder.Write("outside/sub/kept", "kept");
        await _fixture.RestoreAsync(version, new RestoreOptions { Force = true });
        Assert.Equal("dir/sub/file", _fixture.Folder.Read("destination/dir/sub/file"));
        Assert.Equal(
            ["kept"],
            new DirectoryInfo(outside).GetFiles("*", SearchOption.AllDirectories).Select(f => f.Name)
        );
    }

    [Fact]
    public async Task Link_in_place_of_file_needs_force()
    {
        var version = await _fixture.PublishAsync("file", "broken", "same");
        var outside = _fixture.Folder.Write("outside", "kept");
        var same = _fixture.Folder.Write("outside same", "same");
        _fixture.Folder.Link("destination/file", outside);
        _fixture.Folder.Link("destination/broken", _fixture.Folder["nowhere"]);
        _fixture.Folder.Link("destination/same", same);
        var error = await Assert.ThrowsAsync<PathNotRestorableException>(() => _fixture.RestoreAsync(version));
        Assert.Contains("link", error.Message, StringComparison.Ordinal);
        Assert.Empty((await _fixture.RestoreAsync(version, new RestoreOptions { Force = true })).Failures);
        Assert.Equal("kept", _fixture.Folder.Read("outside"));
        Assert.False(File.Exists(_fixture.Folder["nowhere"]));
        foreach (var file in new[] { "file", "broken", "same" })
        {
            Assert.Equal(file, _fixture.Folder.Read("destination/" + file));
            Assert.Null(new FileInfo(_fixture.Folder["destination/" + file]).LinkTarget);
        }
    }

    [Fact]
    public async Task Destination_can_be_a_link()
    {
        var version = await _fixture.PublishAsync("file");
        Directory.CreateDirectory(_fixture.Folder["real"]);
        _fixture.Folder.Link("destination", _fixture.Folder["real"]);
        await _fixture.RestoreAsync(version);
        Assert.Equal("file", _fixture.Folder.Read("real/file"));
    }

    [Fact]
    public async Task Folder_in_place_of_file_needs_force()
    {
        var version = await _fixture.PublishAsync("a", "file");
        _fixture.Folder.Write("destination/file/precious", "kept");
        var error = await Assert.ThrowsAsync<PathNotRestorableException>(() => _fixture.RestoreAsync(version));
        Assert.Equal("file", error.Target);
        Assert.Equal(["file/precious"], _fixture.DestinationSnapshot().Keys);
        await _fixture.RestoreAsync(version, new RestoreOptions { Force = true });
        Assert.Equal(["a", "file"], _fixture.DestinationSnapshot().Keys);
    }

    [Fact]
    public async Task File_in_place_of_folder_needs_force()
    {
        var version = await _fixture.PublishAsync("a", "dir/file");
        _fixture.Folder.Write("destination/dir", "kept");
        await Assert.ThrowsAsync<PathNotRestorableException>(() => _fixture.RestoreAsync(version));
        Assert.Equal("kept", _fixture.Folder.Read("destination/dir"));
        Assert.False(File.Exists(_fixture.Folder["destination/a"]));
        await _fixture.RestoreAsync(version, new RestoreOptions { Clean = true });
        Assert.Equal(["a", "dir/file"], _fixture.DestinationSnapshot().Keys);
    }

    [Fact]
    public async Task Path_that_is_file_and_folder_is_refused()
    {
        var version = await _fixture.PublishAsync("a", "a/b", "c");
        var error = await Assert.ThrowsAsync<PathNotRestorableException>(() => _fixture.RestoreAsync(version));
        Assert.Equal("a", error.Target);
        Assert.Empty(_fixture.DestinationSnapshot());
        await _fixture.RestoreAsync(version, new RestoreOptions { Selector = EntrySelector.FileOrFolder("a/") });
        Assert.Equal(["a/b"], _fixture.DestinationSnapshot().Keys);
    }

    [Fact]
    public async Task Name_unsupported_by_file_system_is_refused()
    {
        var longest = new string('x', 255);
        Assert.Empty((await _fixture.RestoreAsync(await _fixture.PublishAsync(longest))).Failures);
        var version = await _fixture.PublishAsync("a", "dir/" + new string('\u00e9', 256));
        var error = await Assert.ThrowsAsync<PathNotRestorableException>(() => _fixture.RestoreAsync(version));
        Assert.Equal("dir/" + new string('\u00e9', 256), error.Target);
        Assert.Equal([longest], _fixture.DestinationSnapshot().Keys);
    }

    [Fact]
    public async Task Too_long_path_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There paths can be longer.");
        var path = string.Join('/', Enumerable.Repeat(new string('x', 203), 20));
        var version = await _fixture.PublishAsync("a", path);
        await Assert.ThrowsAsync<PathNotRestorableException>(() => _fixture.RestoreAsync(version));
        Assert.Empty(_fixture.DestinationSnapshot());
    }

    [Fact]
    public async Task Probing_the_file_system_leaves_no_file()
    {
        Directory.CreateDirectory(_fixture.Destination);
        var names = FileSystemNames.Of(_fixture.Destination);
        Assert.Empty(Directory.GetFileSystemEntries(_fixture.Destination));
        Assert.Equal(names.IgnoresCase, names.KeyOf("A\u00e9") == names.KeyOf("a\u00c9"));
        Assert.Equal(names.IgnoresNormalization, names.KeyOf("e\u0301") == names.KeyOf("\u00e9"));

        var version = await _fixture.PublishAsync("Name", "name");
        if (names.IgnoresCase)
            await Assert.ThrowsAsync<PathNotRestorableException>(() => _fixture.RestoreAsync(version));
        else
            Assert.Equal(2, (await _fixture.RestoreAsync(version)).Restored.Count);
    }

    [Theory]
    [InlineData("store")]
    [InlineData("")]
    [InlineData("store/objects")]
    [InlineData("store/artifacts/data")]
    public async Task Clean_never_removes_the_store(string destination)
    {
        var version = await _fixture.PublishAsync("file");
        var before = _fixture.Folder.Snapshot();
        var restorer = new FolderRestorer(
            version,
            destination.Length == 0 ? _fixture.Folder.Path : _fixture.Folder[destination],
            new RestoreOptions { Clean = true },
            new RestoreResults(),
            new TransferProgress()
        );
        await Assert.ThrowsAsync<PathNotRestorableException>(() => restorer.RestoreAsync(Token));
        Assert.Equal(before, _fixture.Folder.Snapshot());
    }
}
