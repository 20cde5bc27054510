using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>
/// Restores to a folder by its path, where folders can't be held open. A link is not followed that is there when the
/// folder is opened; one that is put there in the moment between that and the writing of a file is.
/// </summary>
/// <param name="path">The folder's full path.</param>
internal sealed class PathRestoreFolder(string path) : IRestoreFolder
{
    public IReadOnlyList<string> Names() => FolderContent.NamesIn(path);

    public FileAttributes AttributesOf(string name) => DestinationFolders.AttributesOf(PathOf(name));

    public IRestoreFolder Duplicate() => new PathRestoreFolder(path);

    public IRestoreFolder? TryOpenFolder(string name) =>
        DestinationFolders.IsFolder(AttributesOf(name)) ? new PathRestoreFolder(PathOf(name)) : null;

    public IRestoreFolder? TryOpenBelow(string below) => null;

    public void CreateFolder(string name)
    {
        if (!DestinationFolders.IsThere(AttributesOf(name)))
            Directory.CreateDirectory(PathOf(name));
    }

    public void Remove(string name)
    {
        var attributes = AttributesOf(name);
        if (DestinationFolders.IsFolderOrLink(attributes))
            Directory.Delete(PathOf(name), recursive: DestinationFolders.IsFolder(attributes));
        else
            File.Delete(PathOf(name));
    }

    public bool RemoveIfLeft(string name, TimeSpan age)
    {
        if (!IsFile(name))
            return false;
        try
        {
            // Whoever writes it shares it for reading only.
            using (new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.None))
                if (FileState.Of(PathOf(name)).Age < age)
                    return false;
            File.Delete(PathOf(name));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What isn't there any more, or may not be touched, stays.
            return false;
        }
    }

    // Where this is used the system doesn't tell when files changed, and so their states tell nothing.
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
            // What can't be read can't be vouched for.
            return null;
        }
    }

    public FileState Write(string name, ArraySegment<byte> bytes, bool executable)
    {
        FileReplacement.Write(PathOf(name), bytes, executable);
        return default;
    }

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
        return DestinationFolders.IsThere(attributes) && (attributes & NoFile) == 0;
    }

    private string PathOf(string name) => Path.Combine(path, name);
}
