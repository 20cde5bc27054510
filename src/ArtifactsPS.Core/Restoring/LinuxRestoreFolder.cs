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
        if (TryWriteUnnamed(name, bytes, executable) is { } state)
            return state;
        using var staged = new StagedFile(folder, name, isLocked: false);
        WriteContent(staged.Path, staged.Descriptor, bytes);
        return staged.Place(executable);
    }

    // The folder is changed once, when the file is complete. With a temporary name it is changed three times, and on ext4 a folder of
    // 1,000 files takes twice as long.
    private FileState? TryWriteUnnamed(string name, ArraySegment<byte> bytes, bool executable)
    {
        var descriptor = folder.TryCreateUnnamed();
        if (descriptor < 0)
            return null;
        try
        {
            var path = folder.PathOf(name);
            WriteContent(path, descriptor, bytes);
            if (executable)
                UnixPermissions.SetExecutable(path, descriptor, executable);
            return folder.TryName(descriptor, name) || TryReplace(descriptor, name)
                ? LinuxFile.StateOf(path, descriptor)
                : null;
        }
        finally
        {
            LinuxFile.Close(descriptor);
        }
    }

    // A file without a name can't take a name that exists.
    private bool TryReplace(int descriptor, string name)
    {
        var staged = FileReplacement.StagedName();
        if (!folder.TryName(descriptor, staged))
            return false;
        try
        {
            folder.Rename(staged, name);
            return true;
        }
        catch
        {
            folder.RemoveFile(staged);
            throw;
        }
    }

    private static void WriteContent(string path, int descriptor, ArraySegment<byte> bytes)
    {
        var file = new SparseFile(path, descriptor);
        file.Write(bytes);
        file.Complete();
    }

    public FileState? TryClone(string name, bool executable, FileReader source, Action<FileReader> check)
    {
        using var staged = new StagedFile(folder, name, isLocked: true);
        if (!source.TryCloneTo(staged.Descriptor))
            return null;
        using (var clone = staged.OpenRead())
            check(clone);
        return staged.Place(executable);
    }

    public async Task<FileState> WriteAsync(string name, bool executable, Func<Func<byte[], int, Task>, Task> fill)
    {
        using var staged = new StagedFile(folder, name, isLocked: true);
        var file = new SparseFile(staged.Path, staged.Descriptor);
        await fill(
                (bytes, count) =>
                {
                    file.Write(new ArraySegment<byte>(bytes, 0, count));
                    return Task.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        file.Complete();
        return staged.Place(executable);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>A new file under a temporary name. Disposing removes it, unless it was placed.</summary>
    private sealed class StagedFile : IDisposable
    {
        private readonly LinuxFolder _folder;
        private readonly string _name;
        private readonly string _staged = FileReplacement.StagedName();
        private bool _isPlaced;

        /// <param name="folder">Folder of the file; not owned.</param>
        /// <param name="name">Final name.</param>
        /// <param name="isLocked">Whether to lock the file. Without a lock, it must be placed within <see
        /// cref="RestoreLeftovers.ShortestAge"/>.</param>
        public StagedFile(LinuxFolder folder, string name, bool isLocked)
        {
            _folder = folder;
            _name = name;
            Path = folder.PathOf(name);
            Descriptor = LinuxFile.OpenNew(folder.Descriptor, _staged, Path);
            if (isLocked)
                LinuxFile.TryLock(Descriptor);
        }

        /// <summary>Path for messages.</summary>
        public string Path { get; }

        /// <summary>Descriptor, open for writing.</summary>
        public int Descriptor { get; }

        public FileReader OpenRead() => new(Path, LinuxFile.OpenRead(_folder.Descriptor, _staged, Path));

        /// <summary>Gives a complete file its name, and returns its state.</summary>
        public FileState Place(bool executable)
        {
            if (executable)
                UnixPermissions.SetExecutable(Path, Descriptor, executable);
            _folder.Rename(_staged, _name);
            _isPlaced = true;
            return LinuxFile.StateOf(Path, Descriptor);
        }

        public void Dispose()
        {
            LinuxFile.Close(Descriptor);
            if (!_isPlaced)
                _folder.RemoveFile(_staged);
        }
    }
}
