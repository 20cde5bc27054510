using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>
/// Restores to a folder by its path, on systems that can't keep folders open. Links that exist when the folder is opened
/// are not followed. A link created between that and writing a file is followed.
/// </summary>
/// <param name="path">Full path of the folder.</param>
internal sealed class PathRestoreFolder(string path) : IRestoreFolder
{
    private readonly LocalFileSystem _files = LocalFileSystem.Current;

    public string OwnPath => path;

    public IReadOnlyList<string> Names() => FolderContent.NamesIn(path);

    public FileAttributes AttributesOf(string name) => DestinationFolders.AttributesOf(PathOf(name));

    public IRestoreFolder Duplicate() => new PathRestoreFolder(path);

    public IRestoreFolder? TryOpenFolder(string name) =>
        DestinationFolders.IsFolder(AttributesOf(name)) ? new PathRestoreFolder(PathOf(name)) : null;

    public IRestoreFolder? TryOpenBelow(string below) => null;

    public void CreateFolder(string name)
    {
        if (!DestinationFolders.Exists(AttributesOf(name)))
            _files.CreateFolder(PathOf(name));
    }

    // A volume mounted in a folder is a junction on Windows, so it is not entered.
    public bool IsMountPoint(string name) => false;

    public void RemoveFile(string name)
    {
        var attributes = AttributesOf(name);
        if (DestinationFolders.IsFolder(attributes) || !DestinationFolders.Exists(attributes))
            return;
        if (DestinationFolders.IsFolderOrLink(attributes))
            _files.RemoveFolder(PathOf(name));
        else
            _files.Delete(PathOf(name));
    }

    public void RemoveFolder(string name) => _files.RemoveFolder(PathOf(name));

    public bool RemoveIfAbandoned(string name, TimeSpan age)
    {
        if (!IsFile(name))
            return false;
        try
        {
            // Opening fails while another process writes the file.
            using (
                var file = _files.Open(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.None, FileWaiting.None)
            )
                if (_files.StateOf(file, PathOf(name)).Age < age)
                    return false;
            return _files.Delete(PathOf(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file was removed meanwhile, or is not accessible.
            return false;
        }
    }

    // The systems that use this class have no change time to rely on, so states can't show that a file is unchanged.
    public FileState? StateOf(string name) => null;

    public FileReader? TryOpenFile(string name)
    {
        if (!IsFile(name))
            return null;
        try
        {
            return new FileReader(PathOf(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An unreadable file is restored again.
            return null;
        }
    }

    public FileState Write(string name, ArraySegment<byte> bytes, bool executable)
    {
        FileReplacement.Write(PathOf(name), bytes, executable);
        return default;
    }

    public FileState? TryClone(string name, bool executable, FileReader source, Action<FileReader> check) => null;

    public async Task<FileState> WriteAsync(string name, bool executable, Func<Func<byte[], int, Task>, Task> fill)
    {
        await FileReplacement.WriteAsync(PathOf(name), executable, fill).ConfigureAwait(false);
        return default;
    }

    public void Dispose() { }

    private bool IsFile(string name)
    {
        const FileAttributes NoFile = FileAttributes.Directory | FileAttributes.ReparsePoint;
        var attributes = AttributesOf(name);
        return DestinationFolders.Exists(attributes) && (attributes & NoFile) == 0;
    }

    private string PathOf(string name) => Path.Combine(path, name);
}
