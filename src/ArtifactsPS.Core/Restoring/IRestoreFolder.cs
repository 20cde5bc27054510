using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>A folder that is restored to. A link in it is never followed, only replaced or removed.</summary>
internal interface IRestoreFolder : IDisposable
{
    /// <summary>The names of all that is in it.</summary>
    IReadOnlyList<string> Names();

    /// <summary>What a name is, links not followed; -1 when it is nothing's.</summary>
    FileAttributes AttributesOf(string name);

    /// <summary>Opens it once more.</summary>
    IRestoreFolder Duplicate();

    /// <summary>Opens a folder in it.</summary>
    /// <returns>Null where that name is no folder's: nothing's, a file's, or a link's.</returns>
    IRestoreFolder? TryOpenFolder(string name);

    /// <summary>Opens a folder below it at once.</summary>
    /// <param name="path">Names joined by <c>/</c>.</param>
    /// <returns>Null where the system can't, or a name on the way is no folder's.</returns>
    IRestoreFolder? TryOpenBelow(string path);

    /// <summary>Makes a folder, unless there is something of that name.</summary>
    void CreateFolder(string name);

    /// <summary>Removes what has a name, if something has: a file, a link, or a folder with all that is below.</summary>
    void Remove(string name);

    /// <summary>Removes a file that somebody began to write here and doesn't write any more.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="age">For how long nothing was written to it at least.</param>
    /// <returns>Whether it was one; a link or folder isn't.</returns>
    bool RemoveIfLeft(string name, TimeSpan age);

    /// <summary>Looks at a file, without opening it.</summary>
    /// <returns>Null where there is no file of that name, or the system doesn't tell when files changed.</returns>
    FileState? StateOf(string name);

    /// <summary>Opens a file to be compared.</summary>
    /// <returns>Null where there is no file of that name that can be read.</returns>
    FileReader? TryOpenFile(string name);

    /// <summary>Writes a file of bytes that are in memory, in place of a file or link of that name.</summary>
    /// <returns>Its state then; none where the system doesn't tell when files changed.</returns>
    FileState Write(string name, ArraySegment<byte> bytes, bool executable);

    /// <summary>Writes a file as its bytes come, in place of a file or link of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="executable">Whether it may be run.</param>
    /// <param name="fill">Given what to call with each piece; if it throws, nothing is left.</param>
    /// <returns>Its state then; none where the system doesn't tell when files changed.</returns>
    Task<FileState> WriteAsync(string name, bool executable, Func<Func<byte[], int, Task>, Task> fill);
}

/// <summary>Opens folders to restore to.</summary>
internal static class RestoreFolder
{
    /// <summary>Opens a folder that is there; links on the way to it, and it itself, are followed.</summary>
    public static IRestoreFolder Open(string path) =>
        LinuxFile.IsSupported ? new LinuxRestoreFolder(LinuxFolder.Open(path)) : new PathRestoreFolder(path);
}
