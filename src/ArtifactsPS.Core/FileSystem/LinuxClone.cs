using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Files that share their bytes on the disk (reflinks); see ioctl_ficlone(2).</summary>
internal static class LinuxClone
{
    private const uint Clone = 0x40049409;

    /// <summary>Makes an empty file share all bytes of another one.</summary>
    /// <param name="source">Descriptor of the file, open for reading.</param>
    /// <param name="target">Descriptor of the empty file, open for writing.</param>
    /// <returns>False if the file system can't, or the files are on different ones.</returns>
    public static bool TryCreate(int source, int target) => ioctl(target, (UIntPtr)Clone, source) == 0;

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, UIntPtr request, int argument);
}
