using System.Runtime.InteropServices;

namespace ArtifactsPS.Platform;

/// <summary>The executable bit of files, where there is one.</summary>
internal static class UnixPermissions
{
    /// <summary>Whether files have such a bit.</summary>
    public static bool AreSupported { get; } = !RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>Lets everyone who may read a file run it, or no one.</summary>
    public static void SetExecutable(string path, bool executable)
    {
#if NET
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode Run = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var mode = File.GetUnixFileMode(path);
        // Each right to run is two bits below the right to read.
        File.SetUnixFileMode(path, executable ? mode | (UnixFileMode)((int)(mode & Read) >> 2) : mode & ~Run);
#else
        if (!AreSupported)
            return;
        var mode = Content.FileState.Of(path).Permissions;
        if (chmod(path, (uint)(executable ? mode | (mode & 0x124) >> 2 : mode & ~0x49)) != 0)
            throw new IOException($"The permissions of '{path}' could not be changed.", Marshal.GetLastWin32Error());
#endif
    }

#if !NET
    [DllImport("libc", SetLastError = true)]
    private static extern int chmod(string path, uint mode);
#endif
}
