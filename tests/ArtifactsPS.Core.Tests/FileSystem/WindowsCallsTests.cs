using ArtifactsPS.Core.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace ArtifactsPS.Core.Tests.FileSystem;

/// <summary>Files and folders by the real calls of Windows, or of Wine.</summary>
public sealed class WindowsCallsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly WindowsFileSystem _files;
    private IDisposable? _opened;
    private TimeSpan _waited;

    public WindowsCallsTests()
    {
        _files = new WindowsFileSystem(new WindowsCalls(), new SharingRetry(_time, Wait));
        _folder.Write("file", "content");
        _folder.Write("other", "old");
    }

    public void Dispose()
    {
        _opened?.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("read")]
    [InlineData("place")]
    [InlineData("replace")]
    [InlineData("replace open")]
    [InlineData("delete")]
    public async Task File_in_use_is_waited_for(string operation)
    {
        await OnWindowsAsync();
        _opened = new FileStream(
            _folder[operation == "replace open" ? "other" : "file"],
            FileMode.Open,
            FileAccess.Read,
            FileShare.None
        );
        switch (operation)
        {
            case "read":
                _files.Open(_folder["file"], FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
                break;
            case "place":
                Assert.True(_files.TryPlace(_folder["file"], _folder["new"]));
                break;
            case "delete":
                Assert.True(_files.Delete(_folder["file"]));
                break;
            default:
                Assert.True(_files.TryReplace(_folder["file"], _folder["other"], isDurable: true));
                break;
        }
        Assert.True(_waited > TimeSpan.Zero);
        Assert.Equal(operation == "read", File.Exists(_folder["file"]));
    }

    [Fact]
    public async Task Read_only_names_are_replaced_and_removed()
    {
        await OnWindowsAsync();
        Directory.CreateDirectory(_folder["empty"]);
        foreach (var name in new[] { "other", "empty" })
            File.SetAttributes(_folder[name], File.GetAttributes(_folder[name]) | FileAttributes.ReadOnly);
        Assert.True(_files.TryReplace(_folder["file"], _folder["other"], isDurable: true));
        Assert.Equal("content", _folder.Read("other"));
        Assert.True(_files.TrySetReadOnly(_folder["other"]));
        Assert.True(_files.Delete(_folder["other"]));
        _files.RemoveFolder(_folder["empty"]);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal(TimeSpan.Zero, _waited);
    }

    [Fact]
    public async Task First_of_two_files_gets_a_name()
    {
        await OnWindowsAsync();
        Assert.True(_files.TryPlace(_folder["file"], _folder["new"]));
        Assert.False(_files.TryPlace(_folder["other"], _folder["new"]));
        Assert.Equal("content", _folder.Read("new"));
        Assert.False(_files.TryReplace(_folder["file"], _folder["other"], isDurable: true));
        Assert.False(_files.Delete(_folder["file"]));
        Assert.Equal(TimeSpan.Zero, _waited);
    }

    [Fact]
    public async Task Write_with_old_time_changes_the_state()
    {
        await OnWindowsAsync();
        var file = _folder["file"];
        using var reader = _files.Open(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var before = _files.StateOf(reader, file);
        Assert.Equal((7, File.GetLastWriteTimeUtc(file)), (before.Size, before.ModifiedAt.UtcDateTime));
        Assert.NotEqual(0UL, before.FileId);
        Assert.NotEqual(before.FileId, _files.StateOf(_folder["other"]).FileId);
        FileState after;
        do
        {
            var time = File.GetLastWriteTimeUtc(file);
            using (var writer = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                writer.WriteByte((byte)'C');
            File.SetLastWriteTimeUtc(file, time);
            after = _files.StateOf(reader, file);
            // The clock of the file system has a resolution.
        } while (after.Changed == before.Changed);
        Assert.Equal(before, after with { Changed = before.Changed });
    }

    [Fact]
    public async Task Long_paths_are_created_listed_and_removed()
    {
        await OnWindowsAsync();
        var folder = _folder[string.Join('/', Enumerable.Repeat(new string('x', 90), 4))];
        _files.CreateFolder(folder);
        foreach (var name in new[] { "a", "b" })
            using (var file = _files.Open(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, 0))
                file.WriteByte(65);
        Assert.True(_files.TryReplace(Path.Combine(folder, "a"), Path.Combine(folder, "b"), isDurable: false));
        var listed = Assert.Single(_files.ListFiles(folder, _ => true));
        Assert.Equal(("b", 1, false), (listed.Name, listed.Length, listed.IsFolder));
        Assert.Equal([new ListedName("b", false, false)], _files.List(folder));
        Assert.Equal(1, _files.StateOf(Path.Combine(folder, "b")).Size);
        Assert.True(_files.Delete(Path.Combine(folder, "b")));
        _files.RemoveFolder(folder);
        Assert.Equal(LocalFileSystem.Missing, _files.AttributesOf(folder));
    }

    [Fact]
    public async Task Missing_names_folders_and_devices_differ()
    {
        await OnWindowsAsync();
        Assert.Throws<FileNotFoundException>(() => _files.StateOf(_folder["none"]));
        Assert.Throws<FileNotFoundException>(() => _files.StateOf(_folder["none/below"]));
        Assert.Throws<DirectoryNotFoundException>(() => _files.List(_folder["none"]));
        Assert.ThrowsAny<IOException>(() => _files.StateOf(_folder.Path));
        Assert.Throws<UnauthorizedAccessException>(() => Open(_folder.Path));
        Assert.Throws<IOException>(() => Open(@"\\.\NUL"));
        Assert.Equal(TimeSpan.Zero, _waited);

        void Open(string path) => _files.Open(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
    }

    // Wine hangs when a synchronous test throws.
    private static async Task OnWindowsAsync()
    {
        await Task.Yield();
        Assert.SkipUnless(OperatingSystem.IsWindows(), "This is not Windows.");
    }

    // The program that has the file open closes it.
    private void Wait(TimeSpan span)
    {
        _waited += span;
        _time.Advance(span);
        _opened?.Dispose();
    }
}
