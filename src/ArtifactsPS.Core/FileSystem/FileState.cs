using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>
/// What a file system says of a file, links followed. Equal before and after reading, the file was not changed
/// meanwhile. The times have the file system's own resolution (ns since 1970); where there is no change time or file
/// id to be had, they are 0.
/// </summary>
/// <param name="Size">In bytes.</param>
/// <param name="Modified">When the content changed (ns since 1970; can be set by anyone).</param>
/// <param name="Changed">When content or attributes changed (ns since 1970; set by the system alone).</param>
/// <param name="FileId">The inode.</param>
/// <param name="Permissions">As chmod(2) has them; 0 on Windows.</param>
public readonly record struct FileState(long Size, long Modified, long Changed, ulong FileId, int Permissions)
{
    private const int OwnerMayRun = 0x40;
    private const long UnixEpochTicks = 621355968000000000;

    /// <summary>Whether the owner may run it; always false on Windows.</summary>
    public bool Executable => (Permissions & OwnerMayRun) != 0;

    /// <summary>For how long nothing was written to it, by this machine's clock.</summary>
    public TimeSpan Age => DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeMilliseconds(Modified / 1_000_000);

    /// <summary>Looks at a file.</summary>
    /// <exception cref="FileNotFoundException">There is none, or a link leads nowhere.</exception>
    /// <exception cref="IOException">It is not a regular file.</exception>
    public static FileState Of(string path) => LinuxFile.IsSupported ? LinuxFile.StateOf(path) : Portable(path);

    private static FileState Portable(string path)
    {
        var file = new FileInfo(path);
#if NET
        if (file.ResolveLinkTarget(returnFinalTarget: true) is { } target)
            file = new FileInfo(target.FullName);
#endif
        if (!file.Exists)
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        var permissions = 0;
#if NET
        if (!OperatingSystem.IsWindows())
            permissions = (int)file.UnixFileMode;
#endif
        return new FileState(file.Length, (file.LastWriteTimeUtc.Ticks - UnixEpochTicks) * 100, 0, 0, permissions);
    }
}

/// <summary>A file was written to while it was being read, so what was read is no state it ever had.</summary>
public sealed class FileChangedWhileReadingException(string path)
    : ArtifactsException($"'{path}' changed while it was being read. Add it again when nothing writes to it.", path)
{
    public override string ErrorId => "FileChangedWhileReading";

    public override ErrorKind Kind => ErrorKind.ReadError;
}
