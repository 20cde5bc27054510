using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Executable bits of files on Unix.</summary>
internal static class UnixPermissions
{
    private const int ReadBits = 0x124;
    private const int ExecuteBits = 0x49;

    /// <summary>Whether the system has executable bits.</summary>
    public static bool AreSupported { get; } = !RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>Sets the executable bits of an open file to match its read bits, or clears them. Does nothing where the file
    /// system doesn't keep them. Linux only.</summary>
    public static void SetExecutable(string path, int descriptor, bool executable)
    {
        var state = LinuxFile.StateOf(path, descriptor);
        if (!state.LacksExecutableBit)
            LinuxFile.SetPermissions(path, descriptor, With(state.Permissions, executable));
    }

    /// <summary>Sets the executable bits of a file to match its read bits, or clears them.</summary>
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

    // Each execute bit is two below the read bit.
    private static int With(int mode, bool executable) =>
        executable ? mode | (mode & ReadBits) >> 2 : mode & ~ExecuteBits;

#if !NET
    [DllImport("libc", SetLastError = true)]
    private static extern int chmod(string path, uint mode);
#endif
}
