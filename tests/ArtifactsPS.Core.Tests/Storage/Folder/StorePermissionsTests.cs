using System.Diagnostics;
using System.Globalization;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage.Folder;

/// <summary>Permissions of the files of a store. The store's folder decides, and not the umask of a writer.</summary>
public sealed class StorePermissionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("077", "755", "755", "444")]
    [InlineData("022", "700", "700", "400")]
    [InlineData("077", "2770", "2770", "440")]
    [InlineData("002", "1777", "777", "444")]
    public async Task Store_folder_decides_permissions_of_its_files(
        string umask,
        string root,
        string folders,
        string files
    )
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the umask or the folder above decides.");
        var store = _folder["store"];
        Directory.CreateDirectory(store);
        File.SetUnixFileMode(store, ModeOf(root));
        using var process = WriterProcess.StartUnder(
            ["sh", "-c", $"umask {umask}; exec \"$@\"", "sh"],
            "create",
            store,
            "results",
            "files=a.txt:A"
        );
        (await process.RunAsync()).ShouldSucceed();
        var all = Directory.EnumerateFileSystemEntries(store, "*", SearchOption.AllDirectories).ToList();
        Assert.All(all.Where(Directory.Exists), path => Assert.Equal(ModeOf(folders), File.GetUnixFileMode(path)));
        Assert.All(all.Where(File.Exists), path => Assert.Equal(ModeOf(files), File.GetUnixFileMode(path)));
        Assert.Contains(all, Directory.Exists);
        Assert.Contains(all, File.Exists);
        Assert.Equal(ModeOf(root), File.GetUnixFileMode(store));
    }

    [Fact]
    public async Task Users_of_a_group_share_a_store()
    {
        const int Group = 23456;
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.UserName == "root",
            "Only root runs programs as others."
        );
        File.SetUnixFileMode(_folder.Path, ModeOf("755"));
        var store = _folder["store"];
        Directory.CreateDirectory(store);
        using (var process = Process.Start("chgrp", [Group.ToString(CultureInfo.InvariantCulture), store]))
            await process.WaitForExitAsync(Token);
        File.SetUnixFileMode(store, ModeOf("2770"));

        await RunAsync(11111, "create", "files=a.txt:A");
        await RunAsync(22222, "publish", "files=a.txt:A,b.txt:B");
        await RunAsync(11111, "publish", "files=b.txt:B,c.txt:C");
        await RunAsync(22222, "optimize");
        var versions = await VersionStore.OpenAsync(new FolderObjectStore(store), Token);
        var state = await versions.ReadCatalogAsync(ArtifactName.Parse("results"), Token);
        Assert.Equal([0, 1, 2], state.VersionNumbers);

        // Another user adds a value, moves it, and deletes what the first one created.
        var key = $"objects/{new string('a', 2)}/{new string('a', 64)}";
        var objects = new FolderObjectStore(store);
        Assert.True(await objects.TryCreateAsync(key, "value"u8.ToArray(), Token));
        Assert.Equal(Group, GroupOf(Path.Combine(store, key)));

        async Task RunAsync(int user, string command, params string[] arguments)
        {
            string[] launcher =
            [
                "setpriv",
                $"--reuid={user}",
                $"--regid={Group}",
                "--clear-groups",
                "env",
                $"ARTIFACTS_CACHE={Directory.CreateTempSubdirectory().FullName}",
                "sh",
                "-c",
                "umask 077; exec \"$@\"",
                "sh",
            ];
            File.SetUnixFileMode(launcher[5].Split('=')[1], ModeOf("777"));
            using var process = WriterProcess.StartUnder(launcher, command, store, "results", arguments);
            (await process.RunAsync()).ShouldSucceed();
            Directory.Delete(launcher[5].Split('=')[1], recursive: true);
        }
    }

    [Fact]
    public async Task Temporary_content_is_readable_by_its_user_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the folder is the user's own.");
        await using var stream = await TemporaryFile.CreateAsync(write => write([1], 1));
        var file = Assert.IsType<FileStream>(stream);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.SafeFileHandle));
    }

    private static UnixFileMode ModeOf(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);

    private static int GroupOf(string path)
    {
        using var process = Process.Start(
            new ProcessStartInfo("stat", ["-c", "%g", path]) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        return int.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
    }
}
