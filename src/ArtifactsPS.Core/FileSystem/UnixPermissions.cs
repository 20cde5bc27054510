using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>The executable bit of files, where there is one.</summary>
internal static class UnixPermissions
{
    private const int ReadForAll = 0x124;
    private const int RunForAll = 0x49;

    /// <summary>Whether files have such a bit.</summary>
    public static bool AreSupported { get; } = !RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>Lets everyone who may read an open file run it, or no one; on Linux.</summary>
    public static void SetExecutable(string path, int descriptor, bool executable)
    {
        var mode = LinuxFile.StateOf(path, descriptor).Permissions;
        LinuxFile.SetPermissions(path, descriptor, With(mode, executable));
    }

    /// <summary>Lets everyone who may read a file run it, or no one.</summary>
    public static void SetExecutable(string path, bool executable)
    {
#if NET
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(path, (UnixFileMode)With((int)File.GetUnixFileMode(path), executable));
#else
        if (!AreSupported)
            return;
        var mode = FileSystem.FileState.Of(path).Permissions;
        if (chmod(path, (uint)With(mode, executable)) != 0)
            throw new IOException($"The permissions of '{path}' could not be changed.", Marshal.GetLastWin32Error());
#endif
    }

    // Each right to run is two bits below the right to read.
    private static int With(int mode, bool executable) =>
        executable ? mode | (mode & ReadForAll) >> 2 : mode & ~RunForAll;

#if !NET
    [DllImport("libc", SetLastError = true)]
    private static extern int chmod(string path, uint mode);
#endif
}
