using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>
/// Metadata of a file, links followed. If the states before and after reading are equal, the file was not changed
/// meanwhile. Times are nanoseconds since 1970, in the file system's resolution. Change time and file id are 0 if the
/// system doesn't provide them, or if its change times can't be relied on.
/// </summary>
/// <param name="Size">Size in bytes.</param>
/// <param name="Modified">Time of the last change to the content. Programs can set it.</param>
/// <param name="Changed">Time of the last change to content or attributes. Only the system sets it.</param>
/// <param name="FileId">Inode number.</param>
/// <param name="Permissions">Permission bits of chmod(2); 0 on Windows.</param>
public readonly record struct FileState(long Size, long Modified, long Changed, ulong FileId, int Permissions)
{
    private const int OwnerMayExecute = 0x40;
    private const int NanosecondsPerTick = 100;

    /// <summary>Whether the file system can't tell executable files from others: all files are executable, or none can be.</summary>
    public bool LacksExecutableBit { get; init; } = false;

    /// <summary>Whether the owner may execute the file; false on Windows.</summary>
    public bool Executable => (Permissions & OwnerMayExecute) != 0;

    /// <summary>Whether the file agrees with an entry that is executable or not. Where the file system can't tell, it does.</summary>
    public bool AgreesWith(bool executable) =>
        LacksExecutableBit || !UnixPermissions.AreSupported || Executable == executable;

    /// <summary>Time since the content was last changed, by this machine's clock.</summary>
    public TimeSpan Age => DateTimeOffset.UtcNow - ModifiedAt;

    /// <summary>Time since content or attributes were last changed, by this machine's clock.</summary>
    internal TimeSpan UnchangedFor => DateTimeOffset.UtcNow - TimeOf(Math.Max(Modified, Changed));

    /// <summary>Time of the last change to the content.</summary>
    internal DateTimeOffset ModifiedAt => TimeOf(Modified);

    private static DateTimeOffset TimeOf(long nanoseconds) =>
        DateTimeOffset.FromUnixTimeSeconds(0).AddTicks(nanoseconds / NanosecondsPerTick);

    /// <summary>Reads the state of a file.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist, or a link is broken.</exception>
    /// <exception cref="IOException">The path is not a regular file.</exception>
    public static FileState Of(string path) =>
        LinuxFile.IsSupported
            ? LinuxFile.StateOf(path)
            // A mapped file of Windows may change without a new change time.
            : LocalFileSystem.Current.StateOf(path) with
            {
                Changed = 0,
            };
}

/// <summary>The file was written to while it was read, so the bytes read are no state it ever had.</summary>
public sealed class FileChangedWhileReadingException(string path)
    : ArtifactsException($"'{path}' changed while it was being read. Add it again when no program writes to it.", path)
{
    public override string ErrorId => "FileChangedWhileReading";

    public override ErrorKind Kind => ErrorKind.ReadError;
}
