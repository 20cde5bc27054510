using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Folder to restore to. Links in it are never followed, only replaced or removed.</summary>
internal interface IRestoreFolder : IDisposable
{
    /// <summary>Path that refers to the folder itself.</summary>
    string OwnPath { get; }

    /// <summary>Lists the names in the folder.</summary>
    IReadOnlyList<string> Names();

    /// <summary>Returns the attributes of a name, links not followed; -1 if it is missing.</summary>
    FileAttributes AttributesOf(string name);

    /// <summary>Opens the folder again.</summary>
    IRestoreFolder Duplicate();

    /// <summary>Opens a folder in this one.</summary>
    /// <returns>Null if the name is missing, a file or a link.</returns>
    IRestoreFolder? TryOpenFolder(string name);

    /// <summary>Opens a folder at any depth below this one in one call.</summary>
    /// <param name="path">Names joined by <c>/</c>.</param>
    /// <returns>Null if the system can't, or a name in the path is not a folder.</returns>
    IRestoreFolder? TryOpenBelow(string path);

    /// <summary>Creates a folder, unless the name exists.</summary>
    void CreateFolder(string name);

    /// <summary>Whether another folder or file system is mounted at a name; false if the system can't tell.</summary>
    bool IsMountPoint(string name);

    /// <summary>Removes a file or link. Does nothing if the name is missing or a folder.</summary>
    void RemoveFile(string name);

    /// <summary>Removes an empty folder. Does nothing if the name is missing.</summary>
    /// <exception cref="IOException">The folder is not empty.</exception>
    void RemoveFolder(string name);

    /// <summary>Removes a temporary file that no process writes any more.</summary>
    /// <param name="name">Name in the folder.</param>
    /// <param name="age">Minimum time since the last write.</param>
    /// <returns>Whether the file was removed; false for a link or folder.</returns>
    bool RemoveIfAbandoned(string name, TimeSpan age);

    /// <summary>Reads the state of a file, without opening it.</summary>
    /// <returns>Null if the name is not a file, or the system has no change time.</returns>
    FileState? StateOf(string name);

    /// <summary>Opens a file for comparing.</summary>
    /// <returns>Null if the name is not a readable file.</returns>
    FileReader? TryOpenFile(string name);

    /// <summary>Writes a file from bytes in memory, replacing a file or link of that name.</summary>
    /// <returns>State of the written file; default if the system has no change time.</returns>
    FileState Write(string name, ArraySegment<byte> bytes, bool executable);

    /// <summary>Creates a file that shares the bytes of another one on the disk, replacing a file or link of that name.</summary>
    /// <param name="check">Checks the new file before it gets its name. If it throws, no file is left.</param>
    /// <returns>State of the file; null if the file system can't share the bytes.</returns>
    FileState? TryClone(string name, bool executable, FileReader source, Action<FileReader> check);

    /// <summary>Writes a file from pieces, replacing a file or link of that name.</summary>
    /// <param name="fill">Writes the pieces with the function it is given. If it throws, no file is left.</param>
    /// <returns>State of the written file; default if the system has no change time.</returns>
    Task<FileState> WriteAsync(string name, bool executable, Func<Func<byte[], int, Task>, Task> fill);
}

/// <summary>Opens folders to restore to, by the method that suits the system.</summary>
internal static class RestoreFolder
{
    /// <summary>Opens an existing folder by its path, links followed.</summary>
    public static IRestoreFolder Open(string path) =>
        LinuxFile.IsSupported ? new LinuxRestoreFolder(LinuxFolder.Open(path)) : new PathRestoreFolder(path);
}
