using System.Diagnostics;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Small file system; unmounted on disposal.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk() { }

    public string Path => _folder["disk"];

    /// <summary>Mounts a disk in memory. Skips the test where mounting isn't possible.</summary>
    public static SmallDisk Mount(int mebibytes) =>
        Mount(disk => Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", disk.Path));

    /// <summary>Mounts a disk with XFS, on which files can share bytes. Skips the test where that isn't possible.</summary>
    public static SmallDisk MountXfs() =>
        Mount(disk =>
        {
            // The smallest file system that mkfs.xfs creates.
            const long Size = 320 << 20;
            var image = disk._folder["image"];
            using (var file = File.Create(image))
                file.SetLength(Size);
            return Run("mkfs.xfs", "-q", image) ?? Run("mount", "-o", "loop", image, disk.Path);
        });

    private static SmallDisk Mount(Func<SmallDisk, string?> mount)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only on Linux can a small disk be made.");
        var disk = new SmallDisk();
        Directory.CreateDirectory(disk.Path);
        var error = mount(disk);
        if (error is null)
            return disk;
        disk._folder.Dispose();
        Assert.Skip($"A small disk can't be mounted: {error}");
        throw new UnreachableException();
    }

    /// <summary>Fills the disk except for some bytes.</summary>
    /// <returns>Path of the file that fills it.</returns>
    public string Fill(long left)
    {
        var path = System.IO.Path.Combine(Path, "filler");
        using var file = File.Create(path, 1);
        var block = new byte[4096];
        for (var count = new DriveInfo(Path).AvailableFreeSpace - left; count >= block.Length; count -= block.Length)
            file.Write(block);
        return path;
    }

    public void Dispose()
    {
        Assert.Null(Run("umount", Path));
        _folder.Dispose();
    }

    // Returns null on success, or the error.
    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true }
            )!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error.Trim();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
