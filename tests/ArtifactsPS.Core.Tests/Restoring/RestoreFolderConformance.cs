using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

/// <summary>What every folder that is restored to must do.</summary>
public abstract class RestoreFolderConformance : IDisposable
{
    private static readonly string[] LinkNames = Links.AreSupported ? ["link", "linked"] : [];

    private readonly TemporaryFolder _temporary = new();
    private readonly Lazy<IRestoreFolder> _folder;

    protected RestoreFolderConformance()
    {
        _temporary.Write("outside/precious", "kept");
        Directory.CreateDirectory(_temporary["in/real"]);
        _temporary.Write("in/file", "before");
        if (Links.AreSupported)
        {
            _temporary.Link("in/link", _temporary["outside/precious"]);
            _temporary.Link("in/linked", _temporary["outside"]);
        }
        _folder = new(() => Open(_temporary["in"]));
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (_folder.IsValueCreated)
            _folder.Value.Dispose();
        Assert.Equal("kept", _temporary.Read("outside/precious"));
        _temporary.Dispose();
    }

    internal abstract IRestoreFolder Open(string path);

    [Theory]
    [InlineData("new")]
    [InlineData("file")]
    [InlineData("link")]
    public async Task File_appears_only_when_complete(string name)
    {
        _folder.Value.Write(name, new ArraySegment<byte>(Encoding.ASCII.GetBytes("<first>"), 1, 5), executable: true);
        Assert.Equal("first", _temporary.Read("in/" + name));
        Assert.Null(new FileInfo(_temporary["in/" + name]).LinkTarget);
        Assert.Equal(UnixPermissions.AreSupported, FileState.Of(_temporary["in/" + name]).Executable);
        await _folder.Value.WriteAsync(name, executable: false, write => write([1, 2, 3], 2));
        Assert.Equal("\u0001\u0002", _temporary.Read("in/" + name));
        Assert.False(FileState.Of(_temporary["in/" + name]).Executable);
        Assert.DoesNotContain(_folder.Value.Names(), item => item.StartsWith(".artifact", StringComparison.Ordinal));
    }

    [Fact]
    public void Old_abandoned_file_is_removed()
    {
        var age = TimeSpan.FromMinutes(1);
        foreach (var name in new[] { "in/old", "in/young" })
            _temporary.Write(name, "half");
        File.SetLastWriteTimeUtc(_temporary["in/old"], DateTime.UtcNow - 2 * age);
        Assert.True(_folder.Value.RemoveIfAbandoned("old", age));
        Assert.False(File.Exists(_temporary["in/old"]));
        foreach (var name in new[] { "young", "link", "linked", "real", "nothing" })
            Assert.False(_folder.Value.RemoveIfAbandoned(name, name == "young" ? age : -age));
        Assert.Equal("half", _temporary.Read("in/young"));
        Assert.Equal(
            Links.AreSupported ? _temporary["outside/precious"] : null,
            new FileInfo(_temporary["in/link"]).LinkTarget
        );
        Assert.True(Directory.Exists(_temporary["in/real"]));
    }

    [Fact]
    public async Task File_being_written_stays()
    {
        await _folder.Value.WriteAsync(
            "new",
            executable: false,
            async write =>
            {
                await write([1, 2], 2);
                var staged = Assert.Single(_folder.Value.Names(), FileReplacement.IsStagedName);
                File.SetLastWriteTimeUtc(_temporary["in/" + staged], DateTime.UnixEpoch);
                Assert.False(_folder.Value.RemoveIfAbandoned(staged, TimeSpan.Zero));
            }
        );
        Assert.Equal("\u0001\u0002", _temporary.Read("in/new"));
    }

    [Fact]
    public async Task Failed_write_keeps_existing_file()
    {
        await Assert.ThrowsAsync<IOException>(() =>
            _folder.Value.WriteAsync(
                "file",
                executable: false,
                async write =>
                {
                    await write([1], 1);
                    throw new IOException();
                }
            )
        );
        Assert.ThrowsAny<Exception>(() => _folder.Value.Write("real", new ArraySegment<byte>([1]), executable: false));
        Assert.Equal("before", _temporary.Read("in/file"));
        Assert.Equal(["file", .. LinkNames, "real"], _folder.Value.Names().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_real_folders_are_opened()
    {
        foreach (var name in new[] { "file", "link", "linked", "nothing" })
            Assert.Null(_folder.Value.TryOpenFolder(name));
        using var real = _folder.Value.TryOpenFolder("real")!;
        real.Write("inside", new ArraySegment<byte>([65]), executable: false);
        Assert.Equal("A", _temporary.Read("in/real/inside"));
        using var again = real.Duplicate();
        Assert.Equal(["inside"], again.Names());
    }

    [Fact]
    public void Only_real_folders_below_are_opened()
    {
        Directory.CreateDirectory(_temporary["in/real/sub"]);
        _temporary.Link("in/real/linked", _temporary["outside"]);
        foreach (var path in new[] { "file/x", "linked", "real/linked", "real/nothing", "..", "real/../..", "/" })
            Assert.Null(_folder.Value.TryOpenBelow(path));
        // Null on systems that can't open folders without following links.
        using var sub = _folder.Value.TryOpenBelow("real/sub");
        sub?.Write("inside", new ArraySegment<byte>([65]), executable: false);
        Assert.Equal(sub is not null, File.Exists(_temporary["in/real/sub/inside"]));
    }

    [Fact]
    public void Only_real_files_are_opened()
    {
        foreach (var name in new[] { "link", "linked", "real", "nothing" })
            Assert.Null(_folder.Value.TryOpenFile(name));
        using var file = _folder.Value.TryOpenFile("file")!;
        Assert.Equal(6, file.State.Size);
        file.SetExecutable(true);
        Assert.Equal(UnixPermissions.AreSupported, FileState.Of(_temporary["in/file"]).Executable);
    }

    [Fact]
    public void Folder_is_created_only_if_name_is_free()
    {
        foreach (var name in new[] { "new", "file", "linked", "real" })
            _folder.Value.CreateFolder(name);
        Assert.True(Directory.Exists(_temporary["in/new"]));
        Assert.Equal("before", _temporary.Read("in/file"));
        Assert.Equal(Links.AreSupported, new DirectoryInfo(_temporary["in/linked"]).LinkTarget is not null);
    }

    [Fact]
    public async Task Remover_deletes_folder_with_its_content_only()
    {
        _temporary.Write("in/real/a/b/c", "");
        _temporary.Link("in/real/a/outside", _temporary["outside"]);
        _temporary.Link("in/real/a/precious", _temporary["outside/precious"]);
        var removed = new List<string>();
        foreach (var isPreview in new[] { true, false })
        {
            var remover = new FolderRemover(ProtectedFolders.OfUser(""), _temporary["in"], AddAsync, isPreview);
            foreach (var name in _folder.Value.Names())
                await remover.RemoveAsync(_folder.Value, name, _temporary["in/" + name], Token);
            Assert.Equal(isPreview ? 4 : 0, Directory.GetFileSystemEntries(_temporary["in"]).Length);
            await remover.RemoveAsync(_folder.Value, "nothing", "nothing", Token);
        }
        string[] expected = ["file", "link", "linked", "real/a/b/c", "real/a/outside", "real/a/precious"];
        Assert.Equal(expected.Concat(expected).Order().Select(name => _temporary["in/" + name]), removed.Order());

        ValueTask AddAsync(string path)
        {
            removed.Add(path);
            return default;
        }
    }

    [Fact]
    public void Longest_names_can_be_written()
    {
        var name = new string('x', 255);
        _folder.Value.Write(name, new ArraySegment<byte>([65]), executable: false);
        Assert.Equal("A", _temporary.Read("in/" + name));
    }

    [Fact]
    public void Folder_can_be_opened_through_a_link()
    {
        using var folder = Open(_temporary.Link("to in", _temporary["in"]));
        using var again = folder.Duplicate();
        again.Write("file", new ArraySegment<byte>([65]), executable: false);
        Assert.Equal("A", _temporary.Read("in/file"));
    }
}

public sealed class PathRestoreFolderTests : RestoreFolderConformance
{
    internal override IRestoreFolder Open(string path) => new PathRestoreFolder(path);
}

public sealed class LinuxRestoreFolderTests : RestoreFolderConformance
{
    internal override IRestoreFolder Open(string path)
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "This is not Linux.");
        return new LinuxRestoreFolder(LinuxFolder.Open(path));
    }
}
