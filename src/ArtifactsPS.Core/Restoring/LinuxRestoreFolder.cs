using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Restores to an open folder, so that a link put in its place meanwhile has no effect.</summary>
/// <param name="folder">Open folder, owned by this object.</param>
internal sealed class LinuxRestoreFolder(LinuxFolder folder) : IRestoreFolder
{
    public string OwnPath => folder.OwnPath;

    public IReadOnlyList<string> Names() => folder.Names();

    public FileAttributes AttributesOf(string name) => folder.AttributesOf(name);

    public IRestoreFolder Duplicate() => new LinuxRestoreFolder(folder.Duplicate());

    public IRestoreFolder? TryOpenFolder(string name) =>
        folder.TryOpenFolder(name) is { } found ? new LinuxRestoreFolder(found) : null;

    public IRestoreFolder? TryOpenBelow(string path) =>
        folder.TryOpenBelow(path) is { } found ? new LinuxRestoreFolder(found) : null;

    public void CreateFolder(string name) => folder.CreateFolder(name);

    public bool IsMountPoint(string name) => folder.StateOf(name).IsMountPoint;

    public void RemoveFile(string name) => folder.RemoveFile(name);

    public void RemoveFolder(string name) => folder.RemoveFolder(name);

    public bool RemoveIfAbandoned(string name, TimeSpan age)
    {
        var path = folder.PathOf(name);
        try
        {
            var descriptor = LinuxFile.OpenRead(folder.Descriptor, name, path);
            try
            {
                // A process that still writes the file has locked it.
                if (LinuxFile.StateOf(path, descriptor).Age < age || !LinuxFile.TryLock(descriptor))
                    return false;
                folder.RemoveFile(name);
                return true;
            }
            finally
            {
                LinuxFile.Close(descriptor);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The name is missing, not a file, or not accessible: nothing to remove.
            return false;
        }
    }

    public FileState? StateOf(string name) => LinuxFile.StateOf(folder.Descriptor, name);

    public FileReader? TryOpenFile(string name)
    {
        var path = folder.PathOf(name);
        try
        {
            return new FileReader(path, LinuxFile.OpenRead(folder.Descriptor, name, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The name is missing, a link, or unreadable: the entry is restored again.
            return null;
        }
    }

    public FileState Write(string name, ArraySegment<byte> bytes, bool executable)
    {
        var staged = FileReplacement.StagedName();
        try
        {
            var path = folder.PathOf(name);
            var descriptor = LinuxFile.OpenNew(folder.Descriptor, staged, path);
            try
            {
                LinuxFile.TryLock(descriptor);
                var file = new SparseFile(path, descriptor);
                file.Write(bytes);
                file.Complete();
                return Place(staged, name, executable, descriptor);
            }
            finally
            {
                LinuxFile.Close(descriptor);
            }
        }
        catch
        {
            folder.RemoveFile(staged);
            throw;
        }
    }

    public FileState? TryClone(string name, bool executable, FileReader source, Action<FileReader> check)
    {
        var staged = FileReplacement.StagedName();
        try
        {
            var path = folder.PathOf(name);
            var descriptor = LinuxFile.OpenNew(folder.Descriptor, staged, path);
            try
            {
                LinuxFile.TryLock(descriptor);
                if (!source.TryCloneTo(descriptor))
                {
                    folder.RemoveFile(staged);
                    return null;
                }
                using (var clone = new FileReader(path, LinuxFile.OpenRead(folder.Descriptor, staged, path)))
                    check(clone);
                return Place(staged, name, executable, descriptor);
            }
            finally
            {
                LinuxFile.Close(descriptor);
            }
        }
        catch
        {
            folder.RemoveFile(staged);
            throw;
        }
    }

    public async Task<FileState> WriteAsync(string name, bool executable, Func<Func<byte[], int, Task>, Task> fill)
    {
        var staged = FileReplacement.StagedName();
        try
        {
            var path = folder.PathOf(name);
            var descriptor = LinuxFile.OpenNew(folder.Descriptor, staged, path);
            try
            {
                LinuxFile.TryLock(descriptor);
                var file = new SparseFile(path, descriptor);
                await fill(
                        (bytes, count) =>
                        {
                            file.Write(new ArraySegment<byte>(bytes, 0, count));
                            return Task.CompletedTask;
                        }
                    )
                    .ConfigureAwait(false);
                file.Complete();
                return Place(staged, name, executable, descriptor);
            }
            finally
            {
                LinuxFile.Close(descriptor);
            }
        }
        catch
        {
            folder.RemoveFile(staged);
            throw;
        }
    }

    public void Dispose() => folder.Dispose();

    // Renames a complete file, and returns its state.
    private FileState Place(string staged, string name, bool executable, int descriptor)
    {
        var path = folder.PathOf(name);
        if (executable)
            UnixPermissions.SetExecutable(path, descriptor, executable);
        folder.Rename(staged, name);
        return LinuxFile.StateOf(path, descriptor);
    }
}
