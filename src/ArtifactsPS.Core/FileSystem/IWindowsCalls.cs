using Microsoft.Win32.SafeHandles;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Calls of Windows by path. Each returns the number of an error (see <see cref="WindowsError"/>); 0 for success. Links
/// are not followed, except by <see cref="Open"/>.</summary>
internal interface IWindowsCalls
{
    /// <summary>Opens or creates a file.</summary>
    int Open(string path, FileMode mode, FileAccess access, FileShare share, out SafeFileHandle? file);

    /// <summary>Renames a file in one step.</summary>
    /// <param name="flags">See <see cref="MoveFlags"/>.</param>
    int Move(string from, string to, MoveFlags flags);

    /// <summary>Deletes a file or a link to a file. Access to a read-only one is denied.</summary>
    int Delete(string path);

    /// <summary>Creates a folder in an existing one.</summary>
    int CreateFolder(string path);

    /// <summary>Removes an empty folder or a link to a folder.</summary>
    int RemoveFolder(string path);

    /// <summary>Reads the attributes of a name.</summary>
    /// <param name="attributes">The attributes. <see cref="FileAttributes.ReparsePoint"/> is set for links only.</param>
    int GetAttributes(string path, out FileAttributes attributes);

    int SetAttributes(string path, FileAttributes attributes);

    /// <summary>Lists a folder.</summary>
    /// <param name="entries">Receives the names, without <c>.</c> and <c>..</c>.</param>
    int List(string path, ICollection<WindowsEntry> entries);

    /// <summary>Reads the state of a file that is open, or of a folder.</summary>
    int GetState(SafeFileHandle file, out WindowsFileState state);

    /// <summary>Opens a file or folder so that its state can be read, links followed.</summary>
    int OpenForState(string path, out SafeFileHandle? file);
}

/// <summary>Options of a rename: those of MoveFileEx.</summary>
[Flags]
internal enum MoveFlags
{
    None = 0,

    /// <summary>An existing file is replaced.</summary>
    ReplaceExisting = 1,

    /// <summary>The call returns when the new name is on the medium.</summary>
    WriteThrough = 8,
}

/// <summary>Name in a folder.</summary>
/// <param name="Attributes">The attributes. <see cref="FileAttributes.ReparsePoint"/> is set for links only.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Modified">Time of the last change.</param>
internal readonly record struct WindowsEntry(
    string Name,
    FileAttributes Attributes,
    long Length,
    DateTimeOffset Modified
);

/// <summary>State of an open file.</summary>
/// <param name="Attributes">The attributes.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Modified">Time of the last change to the content, in 100 ns since 1601.</param>
/// <param name="Changed">Time of the last change to content or attributes; 0 if the file system has none.</param>
/// <param name="FileId">Number of the file in its volume; 0 if the file system has none.</param>
internal readonly record struct WindowsFileState(
    FileAttributes Attributes,
    long Size,
    long Modified,
    long Changed,
    ulong FileId
);
