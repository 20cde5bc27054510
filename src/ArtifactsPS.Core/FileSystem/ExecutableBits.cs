using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Finds out whether a file system keeps executable bits. On NTFS, FAT, drives of Windows below WSL and many shares, all files
/// are executable, or none can be.</summary>
/// <remarks>Git does the same for its setting core.fileMode: it tries, because an option of the mount decides.</remarks>
internal static class ExecutableBits
{
    private const int ExecuteBits = 0x49;
    private const int OwnerExecute = 0x40;

    private static readonly ConcurrentDictionary<ulong, bool> Known = new();

    /// <summary>Whether the file system of a file keeps executable bits. Tries it in the folder of the file, once for each file
    /// system that is not one of Linux.</summary>
    /// <param name="device">Number of the file system.</param>
    /// <param name="descriptor">Descriptor of the file, or of a folder on the path to it.</param>
    /// <param name="path">Path of the file, for a folder that is no descriptor.</param>
    public static bool AreKept(ulong device, int descriptor, string path)
    {
        if (LinuxChangeTimes.IsNative(device, descriptor, path))
            return true;
        if (Known.TryGetValue(device, out var known))
            return known;
        var folder =
            descriptor == LinuxFile.CurrentFolder ? Path.GetDirectoryName(path)
            : LinuxFile.IsFolder(LinuxFile.PathOf(descriptor)) ? LinuxFile.PathOf(descriptor)
            : Path.GetDirectoryName(path);
        if (string.IsNullOrEmpty(folder) || Try(folder!) is not { } isKept)
            return true;
        // The number of a file system may be used again, but rarely by one that differs in this.
        return Known[device] = isKept;
    }

    // Null if it can't be tried, for example in a read-only folder.
    private static bool? Try(string folder)
    {
        var probe = Path.Combine(folder, FileReplacement.StagedName());
        var name = LinuxFile.Terminated(probe);
        var descriptor = -1;
        try
        {
            descriptor = LinuxFile.OpenNew(LinuxFile.CurrentFolder, probe, probe);
            var before = LinuxFile.PermissionsOf(descriptor);
            if ((before & OwnerExecute) != 0)
                return false;
            return fchmod(descriptor, (uint)(before | ExecuteBits)) == 0
                && (LinuxFile.PermissionsOf(descriptor) & OwnerExecute) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            if (descriptor >= 0)
            {
                LinuxFile.Close(descriptor);
                _ = unlink(name);
            }
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int fchmod(int descriptor, uint mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int unlink(byte[] path);
}
