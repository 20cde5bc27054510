using System.Diagnostics;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>A real file system of a few MiB, in memory; unmounted once disposed.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk() { }

    public string Path => _folder["disk"];

    /// <summary>Mounts one; skips the test where that can't be done.</summary>
    public static SmallDisk Mount(int mebibytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only on Linux can a small disk be made.");
        var disk = new SmallDisk();
        Directory.CreateDirectory(disk.Path);
        var error = Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", disk.Path);
        if (error is null)
            return disk;
        disk._folder.Dispose();
        Assert.Skip($"A small disk can't be mounted: {error}");
        throw new UnreachableException();
    }

    /// <summary>Takes all the room but some.</summary>
    /// <returns>The file that takes it.</returns>
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

    // Null where it succeeded.
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
