using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace ArtifactsPS.Core.Tests.FileSystem;

public sealed class WindowsFileSystemTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly EmulatedWindowsCalls _calls = new();
    private readonly WindowsFileSystem _files;

    public WindowsFileSystemTests() => _files = new WindowsFileSystem(_calls, new SharingRetry(_time, _time.Advance));

    public void Dispose() => _folder.Dispose();

    /// <summary>Changes and reads, and the call of the system that each needs.</summary>
    private Dictionary<string, (string Call, Action Run)> Operations =>
        new(StringComparer.Ordinal)
        {
            ["create"] = ("Open", () => _files.Open(_folder["new"], FileMode.CreateNew, FileAccess.Write, 0).Dispose()),
            ["read"] = ("Open", () => _files.Open(_folder["file"], FileMode.Open, FileAccess.Read, 0).Dispose()),
            ["place"] = ("Move", () => Assert.True(_files.TryPlace(_folder["file"], _folder["new"]))),
            ["replace"] = ("Move", () => Assert.True(_files.TryReplace(_folder["file"], _folder["other"], true))),
            ["delete"] = ("Delete", () => Assert.True(_files.Delete(_folder["file"]))),
            ["read-only"] = ("SetAttributes", () => Assert.True(_files.TrySetReadOnly(_folder["file"]))),
            ["folder"] = ("CreateFolder", () => _files.CreateFolder(_folder["made"])),
            ["no folder"] = ("RemoveFolder", () => _files.RemoveFolder(_folder["empty"])),
            ["attributes"] = ("GetAttributes", () => _files.AttributesOf(_folder["file"])),
            ["listing"] = ("List", () => _ = _files.ListFiles(_folder.Path, _ => true).ToList()),
        };

    public static TheoryData<string, int> OperationsAndErrors()
    {
        var data = new TheoryData<string, int>();
        string[] names =
        [
            "create",
            "read",
            "place",
            "replace",
            "delete",
            "read-only",
            "folder",
            "no folder",
            "attributes",
            "listing",
        ];
        foreach (var name in names)
        foreach (var error in new[] { 5, 32, 33, 303 })
            data.Add(name, error);
        return data;
    }

    [Theory]
    [MemberData(nameof(OperationsAndErrors))]
    public void File_in_use_delays_each_operation(string name, int error)
    {
        CreateContent();
        var (call, run) = Operations[name];
        _calls.Fail(call, error, times: 3);
        run();
        Assert.InRange(_time.GetUtcNow() - _time.Start, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(100));
    }

    [Theory]
    [MemberData(nameof(OperationsAndErrors))]
    public void File_in_use_for_long_is_an_error(string name, int error)
    {
        CreateContent();
        var (call, run) = Operations[name];
        _calls.Fail(call, error, times: 1000);
        var failure = Assert.ThrowsAny<Exception>(run);
        Assert.True(failure is IOException or UnauthorizedAccessException);
        Assert.True(_files.IsInUse(failure));
        Assert.Contains(_folder.Path, failure.Message, StringComparison.Ordinal);
        Assert.InRange(_time.GetUtcNow() - _time.Start, SharingRetry.Longest, 2 * SharingRetry.Longest);
    }

    [Fact]
    public void Unreadable_file_of_the_user_fails_without_waiting()
    {
        CreateContent();
        _calls.Fail("Open", WindowsError.AccessDenied, times: 100);
        Assert.Throws<UnauthorizedAccessException>(() =>
            _files.Open(_folder["file"], FileMode.Open, FileAccess.Read, 0, FileWaiting.InUse)
        );
        _calls.Fail("Open", WindowsError.SharingViolation, times: 100);
        Assert.ThrowsAny<Exception>(() =>
            _files.Open(_folder["file"], FileMode.Open, FileAccess.Read, 0, FileWaiting.None)
        );
        Assert.Equal(_time.Start, _time.GetUtcNow());
    }

    [Fact]
    public void Read_only_file_is_replaced()
    {
        CreateContent();
        File.SetAttributes(_folder["other"], FileAttributes.ReadOnly);
        Assert.True(_files.TryReplace(_folder["file"], _folder["other"], isDurable: false));
        Assert.Equal("content", _folder.Read("other"));
        Assert.False(EmulatedWindowsCalls.IsReadOnly(_folder["other"]));
        Assert.Equal(MoveFlags.ReplaceExisting, _calls.Flags);
    }

    [Fact]
    public void Read_only_file_stays_so_if_not_replaced()
    {
        CreateContent();
        File.SetAttributes(_folder["other"], FileAttributes.ReadOnly);
        _calls.Fail("Move", WindowsError.AccessDenied);
        _calls.Fail("Move", WindowsError.FileExists);
        Assert.Throws<IOException>(() => _files.TryReplace(_folder["file"], _folder["other"], isDurable: false));
        Assert.True(EmulatedWindowsCalls.IsReadOnly(_folder["other"]));
        Assert.Equal("old", _folder.Read("other"));
    }

    [Fact]
    public void Read_only_file_and_folder_are_removed()
    {
        CreateContent();
        File.SetAttributes(_folder["file"], FileAttributes.ReadOnly);
        File.SetAttributes(_folder["empty"], FileAttributes.ReadOnly);
        Assert.True(_files.Delete(_folder["file"]));
        _files.RemoveFolder(_folder["empty"]);
        Assert.Equal(["other"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        Assert.Equal(_time.Start, _time.GetUtcNow());
    }

    [Fact]
    public void Missing_name_and_folder_are_not_deleted()
    {
        CreateContent();
        Assert.False(_files.Delete(_folder["none"]));
        Assert.False(_files.Delete(_folder["none/below"]));
        Assert.False(_files.Delete(_folder["empty"]));
        Assert.False(_files.TryReplace(_folder["none"], _folder["other"], isDurable: true));
        Assert.False(_files.TrySetReadOnly(_folder["none"]));
        _files.RemoveFolder(_folder["none"]);
        Assert.Equal(LocalFileSystem.Missing, _files.AttributesOf(_folder["none"]));
        Assert.Equal(_time.Start, _time.GetUtcNow());
    }

    [Fact]
    public void Existing_name_is_not_placed()
    {
        CreateContent();
        Assert.False(_files.TryPlace(_folder["file"], _folder["other"]));
        Assert.Equal("old", _folder.Read("other"));
        Assert.Equal(MoveFlags.WriteThrough, _calls.Flags);
        Assert.Equal(_time.Start, _time.GetUtcNow());
    }

    [Fact]
    public void Durable_rename_is_written_through()
    {
        CreateContent();
        Assert.True(_files.TryReplace(_folder["file"], _folder["other"], isDurable: true));
        Assert.Equal(MoveFlags.WriteThrough | MoveFlags.ReplaceExisting, _calls.Flags);
        Assert.True(_files.TryPlace(_folder["other"], _folder["new"]));
        Assert.Equal(MoveFlags.WriteThrough, _calls.Flags);
    }

    [Fact]
    public void Target_created_meanwhile_is_not_overwritten()
    {
        CreateContent();
        _calls.Fail("Move", WindowsError.SharingViolation);
        _calls.OnCall = call =>
        {
            if (call == "Move" && !File.Exists(_folder["new"]))
                File.WriteAllText(_folder["new"], "first");
        };
        Assert.False(_files.TryPlace(_folder["file"], _folder["new"]));
        Assert.Equal("first", _folder.Read("new"));
    }

    [Fact]
    public void File_deleted_meanwhile_is_missing()
    {
        CreateContent();
        File.SetAttributes(_folder["file"], FileAttributes.ReadOnly);
        // Between the denied call and the look at the attributes.
        _calls.OnCall = call =>
        {
            if (call != "GetAttributes" || !File.Exists(_folder["file"]))
                return;
            File.SetAttributes(_folder["file"], FileAttributes.Normal);
            File.Delete(_folder["file"]);
        };
        Assert.False(_files.Delete(_folder["file"]));
    }

    [Fact]
    public void Folder_waits_only_for_files_being_deleted()
    {
        _folder.Write("full/file", "content");
        Assert.Throws<IOException>(() => _files.RemoveFolder(_folder["full"]));
        Assert.Equal(_time.Start, _time.GetUtcNow());
        // The name of a deleted file, which denies everything.
        _calls.Fail("GetAttributes", WindowsError.AccessDenied, times: 2);
        _calls.OnCall = call =>
        {
            if (call == "RemoveFolder" && _calls.Count[call] == 4)
                File.Delete(_folder["full/file"]);
        };
        _files.RemoveFolder(_folder["full"]);
        Assert.False(Directory.Exists(_folder["full"]));
    }

    [Fact]
    public void Folder_created_meanwhile_is_no_error()
    {
        _calls.Fail("CreateFolder", WindowsError.AlreadyExists);
        _calls.OnCall = call =>
        {
            if (call == "CreateFolder")
                Directory.CreateDirectory(_folder["a"]);
        };
        _files.CreateFolder(_folder["a"]);
        _files.CreateFolder(_folder["a/b/c"]);
        Assert.True(Directory.Exists(_folder["a/b/c"]));
        _folder.Write("file", "");
        Assert.Throws<IOException>(() => _files.CreateFolder(_folder["file"]));
    }

    [Theory]
    [InlineData(0xa000000c, true)] // symbolic link
    [InlineData(0xa0000003, true)] // junction
    [InlineData(0xa000001d, true)] // symbolic link of WSL
    [InlineData(0x9000001a, false)] // OneDrive
    [InlineData(0x9000701a, false)] // OneDrive
    [InlineData(0x80000013, false)] // deduplicated
    [InlineData(0x80000017, false)] // compressed by the system
    public void Only_links_are_treated_as_links(uint tag, bool isLink)
    {
        const FileAttributes Attributes = FileAttributes.ReparsePoint | FileAttributes.Archive;
        var found = WindowsCalls.LinkAttributesOf(Attributes, tag);
        Assert.Equal(isLink ? Attributes : FileAttributes.Archive, found);
    }

    [Fact]
    public void Downloading_while_reading_is_no_change()
    {
        const int RecallOnDataAccess = 0x400000;
        CreateContent();
        using var file = _files.Open(_folder["file"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Assert.NotEqual(0, _files.StateOf(file, _folder["file"]).Changed);
        _calls.ExtraAttributes = (FileAttributes)RecallOnDataAccess;
        var state = _files.StateOf(file, _folder["file"]);
        Assert.Equal((0, 7), (state.Changed, state.Size));
        Assert.Equal(File.GetLastWriteTimeUtc(_folder["file"]), state.ModifiedAt.UtcDateTime);
    }

    [Fact]
    public void Virus_scanner_does_not_break_disposal()
    {
        CreateContent();
        _calls.Fail("Delete", WindowsError.SharingViolation, times: 1000);
        _files.Discard(_folder["file"]);
        Assert.True(File.Exists(_folder["file"]));
    }

    [Fact]
    public void Other_failure_of_disposal_is_an_error()
    {
        CreateContent();
        _calls.Fail("Delete", WindowsError.NotAFolder);
        Assert.Throws<IOException>(() => _files.Discard(_folder["file"]));
    }

    [Fact]
    public async Task Store_on_windows_survives_a_virus_scanner()
    {
        var files = new PortableStoreFiles(_folder.Path, _files);
        var store = new FolderObjectStore(_folder.Path);
        // Each call fails first, as a scanner opens each new file.
        foreach (var call in new[] { "Open", "Move", "SetAttributes", "CreateFolder", "Delete" })
            _calls.Fail(call, WindowsError.SharingViolation, times: 2);
        foreach (var isFirst in new[] { true, false })
        {
            var staged = new StagedFile(store, files, $"staging/{isFirst}");
            await staged.WriteAsync("value"u8.ToArray(), Token);
            Assert.Equal(isFirst, await staged.CommitAsync("objects/key", Token));
            await staged.DisposeAsync();
        }
        Assert.Equal("value", _folder.Read("objects/key"));
        Assert.True(EmulatedWindowsCalls.IsReadOnly(_folder["objects/key"]));
        Assert.Empty(files.List("staging/", _ => true));
        Assert.True(files.TryRename("objects/key", "trash/key"));
        Assert.True(files.Delete("trash/key"));
        Assert.Null(files.Find("trash/key"));
        Assert.Null(files.OpenRead("trash"));
    }

    private void CreateContent()
    {
        _folder.Write("file", "content");
        _folder.Write("other", "old");
        Directory.CreateDirectory(_folder["empty"]);
    }
}
