using System.Runtime.InteropServices;
using System.Text;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Files and folders of this machine by path, for systems that lack the calls of <see cref="LinuxFile"/>. Paths are full paths.
/// Failures are exceptions of the system.</summary>
internal abstract class LocalFileSystem
{
    /// <summary>Attributes of a missing name.</summary>
    public const FileAttributes Missing = (FileAttributes)(-1);

    /// <summary>The file system of this machine.</summary>
    public static LocalFileSystem Current { get; } =
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? new WindowsFileSystem(new WindowsCalls(), new SharingRetry(TimeProvider.System, Thread.Sleep))
            : new UnixFileSystem();

    /// <summary>Opens or creates a file, without a buffer.</summary>
    /// <param name="waiting">Errors of a file that other programs use, for which the call waits.</param>
    public abstract FileStream Open(
        string path,
        FileMode mode,
        FileAccess access,
        FileShare share,
        FileWaiting waiting = FileWaiting.InUseOrDenied
    );

    /// <summary>Returns the attributes of a name, links not followed. <see cref="FileAttributes.ReparsePoint"/> is set for
    /// links only: files in a cloud and deduplicated files of Windows are none.</summary>
    /// <returns><see cref="Missing"/> if the name is missing.</returns>
    public abstract FileAttributes AttributesOf(string path);

    /// <summary>Whether a path is a file. On Unix, links are followed.</summary>
    public abstract bool IsFile(string path);

    /// <summary>Reads the state of a file, links followed.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist, or a link is broken.</exception>
    /// <exception cref="IOException">The path is not a regular file.</exception>
    public abstract FileState StateOf(string path);

    /// <summary>Reads the state of an open file.</summary>
    public abstract FileState StateOf(FileStream file, string path);

    /// <summary>Lists a folder.</summary>
    public abstract IEnumerable<ListedName> List(string path);

    /// <summary>Lists the files and folders in a folder, without links.</summary>
    /// <param name="isWanted">Whether a name is listed.</param>
    public abstract IEnumerable<ListedFile> ListFiles(string path, Func<string, bool> isWanted);

    /// <summary>Gives a file a name that is free, and makes that durable.</summary>
    /// <param name="from">The file. On Unix it may keep that name.</param>
    /// <returns>False if the name exists.</returns>
    /// <exception cref="NotSupportedException">The file system can't decide which of several callers is first.</exception>
    public abstract bool TryPlace(string from, string to);

    /// <summary>Renames a file in one step. An existing file is replaced, even if it is read-only.</summary>
    /// <param name="isDurable">Whether the new name is on the medium when the call returns.</param>
    /// <returns>False if the file is missing.</returns>
    public abstract bool TryReplace(string from, string to, bool isDurable);

    /// <summary>Makes a file read-only.</summary>
    /// <returns>False if the file is missing.</returns>
    public abstract bool TrySetReadOnly(string path);

    /// <summary>Deletes a file or a link to a file, even if it is read-only.</summary>
    /// <returns>False if the name is missing or a folder.</returns>
    public abstract bool Delete(string path);

    /// <summary>Creates a folder and those above it. Does nothing if it exists.</summary>
    /// <param name="isDurable">Whether the names are on the medium when the call returns.</param>
    public abstract void CreateFolder(string path, bool isDurable = false);

    /// <summary>Removes an empty folder, or a link to a folder, even if it is read-only. Does nothing if the name is
    /// missing.</summary>
    /// <exception cref="IOException">The folder is not empty.</exception>
    public abstract void RemoveFolder(string path);

    /// <summary>Whether an exception reports that another program uses a file, so that a change has to wait.</summary>
    public abstract bool IsInUse(Exception exception);

    /// <summary>Reads a text file that other processes may replace.</summary>
    public string ReadAllText(string path)
    {
        using var file = Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Deletes a temporary file that nobody needs. One that another program uses stays.</summary>
    public void Discard(string path)
    {
        try
        {
            Delete(path);
        }
        catch (Exception e) when (IsInUse(e))
        {
            // A virus scanner reads it. A later command finds it by its name, and deletes it.
        }
    }
}

/// <summary>Errors of a file that other programs use, for which a call on Windows waits a moment. Elsewhere, files can always
/// be opened.</summary>
internal enum FileWaiting
{
    /// <summary>The call fails at once.</summary>
    None,

    /// <summary>The call waits while another program has the file open and excludes others.</summary>
    InUse,

    /// <summary>The call also waits if access is denied: that is how Windows reports a file that is being deleted.</summary>
    InUseOrDenied,
}

/// <summary>File or folder in a folder.</summary>
/// <param name="Length">Length in bytes; 0 for a folder.</param>
/// <param name="Modified">Time of the last change.</param>
internal readonly record struct ListedFile(string Name, bool IsFolder, long Length, DateTimeOffset Modified);
