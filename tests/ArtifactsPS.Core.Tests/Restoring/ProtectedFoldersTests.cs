using System.Diagnostics;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

public sealed class ProtectedFoldersTests : IDisposable
{
    private readonly RestoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Root_and_home_are_never_cleaned()
    {
        var guard = ProtectedFolders.OfUser(_fixture.Folder["store"]);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var link = _fixture.Folder.Link("link", home);
        foreach (var folder in new[] { Path.GetPathRoot(home)!, home, Path.GetDirectoryName(home)!, link, link + "/." })
            Assert.Throws<PathNotRestorableException>(() => guard.CheckDestination(folder, isCleaned: true));
        guard.CheckDestination(link, isCleaned: false);
        guard.CheckDestination(_fixture.Folder["new/folder"], isCleaned: true);
    }

    [Fact]
    public async Task Bind_mounts_of_store_are_recognized()
    {
        Assert.SkipUnless(LinuxFile.IsSupported && Environment.IsPrivilegedProcess, "Only root can mount.");
        var version = await _fixture.PublishAsync("file");
        var mount = _fixture.Folder["mounted"];
        Directory.CreateDirectory(mount);
        Assert.SkipUnless(Run("mount", "--bind", _fixture.Folder["store"], mount), "Folders can't be mounted here.");
        try
        {
            var before = _fixture.Folder.Snapshot();
            var scanned = new FolderScanner(_fixture.Folder.Path)
            {
                Stores = StoreFolders.OfUser(_fixture.Folder["store"]),
            };
            Assert.Empty(scanned.Scan(new()));
            foreach (var destination in new[] { mount, mount + "/objects", _fixture.Folder.Path })
            {
                var restorer = new FolderRestorer(
                    version,
                    destination,
                    new RestoreOptions { Clean = true },
                    new RestoreResults(),
                    new TransferProgress()
                );
                await Assert.ThrowsAsync<PathNotRestorableException>(() => restorer.RestoreAsync(Token));
            }
            Assert.Equal(before, _fixture.Folder.Snapshot());
        }
        finally
        {
            Assert.True(Run("umount", mount));
        }
    }

    [Fact]
    public async Task Mounted_folder_is_not_removed()
    {
        Assert.SkipUnless(LinuxFile.IsSupported && Environment.IsPrivilegedProcess, "Only root can mount.");
        var version = await _fixture.PublishAsync("file");
        _fixture.Folder.Write("outside/precious", "kept");
        _fixture.Folder.Write("destination/extra/file", "");
        var mount = Directory.CreateDirectory(_fixture.Folder["destination/extra/mount"]).FullName;
        Assert.SkipUnless(Run("mount", "--bind", _fixture.Folder["outside"], mount), "Folders can't be mounted here.");
        try
        {
            var clean = new RestoreOptions { Clean = true };
            await Assert.ThrowsAsync<PathNotRestorableException>(() => _fixture.RestoreAsync(version, clean));
            Assert.Equal("kept", _fixture.Folder.Read("outside/precious"));
            Assert.True(File.Exists(_fixture.Folder["destination/extra/file"]));
        }
        finally
        {
            Assert.True(Run("umount", mount));
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
