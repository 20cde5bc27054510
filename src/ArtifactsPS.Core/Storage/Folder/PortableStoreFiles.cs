using System.Runtime.InteropServices;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Folder;

/// <summary>Files of a store on Windows and macOS. Each call checks the path of the key for links.</summary>
internal sealed class PortableStoreFiles(string root) : StoreFiles
{
    private static readonly bool OnWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    public override FileStream? OpenRead(string key)
    {
        try
        {
            return new FileStream(
                PathOf(key),
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 1
            );
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public override StoreFile? Find(string key) => FileOf(new FileInfo(PathOf(key)));

    public override IReadOnlyList<(string Name, StoreFile? File)> List(string folder, Func<string, bool> isWanted)
    {
        try
        {
            var items = new List<(string, StoreFile?)>();
            foreach (var item in new DirectoryInfo(PathOf(folder.TrimEnd('/'))).EnumerateFileSystemInfos())
                if (!isWanted(item.Name) || IsLink(item.FullName))
                    continue;
                else if (item is DirectoryInfo)
                    items.Add((item.Name, null));
                else if (FileOf((FileInfo)item) is { } file)
                    items.Add((item.Name, file));
            return items;
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    public override FileStream Create(string key)
    {
        var path = PathOf(key);
        CreateFolder(Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, 1);
    }

    public override bool IsInUse(string key)
    {
        try
        {
            // A live writer shares its file for reading only, on Unix with a lock.
            using var file = new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    public override bool TryPlace(string staged, string key)
    {
        var (from, to) = (PathOf(staged), PathOf(key));
        CreateFolder(Path.GetDirectoryName(to)!);
        File.SetAttributes(from, FileAttributes.ReadOnly);
        if (OnWindows)
            return TryMove(from, to);
        if (!PosixFileSystem.TryPlace(from, to))
            return false;
        PosixFileSystem.FlushFolder(Path.GetDirectoryName(to)!);
        return true;
    }

    public override bool TryRename(string key, string target)
    {
        var (from, to) = (PathOf(key), PathOf(target));
        if (!File.Exists(from))
            return false;
        CreateFolder(Path.GetDirectoryName(to)!);
        File.SetAttributes(from, FileAttributes.ReadOnly);
        if (OnWindows)
            return WindowsFile.TryMove(from, to);
        if (!PosixFileSystem.TryRename(from, to))
            return false;
        PosixFileSystem.FlushFolder(Path.GetDirectoryName(to)!);
        PosixFileSystem.FlushFolder(Path.GetDirectoryName(from)!);
        return true;
    }

    public override bool TryLink(string key, string target) => false;

    public override bool AreSame(string key, string other) => false;

    public override bool Delete(string key)
    {
        var path = PathOf(key);
        try
        {
            if (!File.Exists(path))
                return false;
            if (OnWindows)
                File.SetAttributes(path, FileAttributes.Normal);
            File.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    // On Windows File.Move is MoveFileEx without MOVEFILE_REPLACE_EXISTING, which is atomic.
    private static bool TryMove(string staged, string target)
    {
        try
        {
            File.Move(staged, target);
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
    }

    private static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        var parent = Path.GetDirectoryName(path);
        if (parent is { Length: > 0 })
            CreateFolder(parent);
        Directory.CreateDirectory(path);
        if (OnWindows || parent is null)
            return;
        PosixFileSystem.FlushFolder(path);
        PosixFileSystem.FlushFolder(parent);
    }

    // The file may be deleted after it was listed.
    private static StoreFile? FileOf(FileInfo file)
    {
        try
        {
            return file.Exists ? new StoreFile(file.Length, new DateTimeOffset(file.LastWriteTimeUtc)) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private string PathOf(string key)
    {
        var path = root;
        foreach (var name in key.Split(['/'], StringSplitOptions.RemoveEmptyEntries))
            if (IsLink(path = Path.Combine(path, name)))
                throw LinkFailure(path);
        return path;
    }

    private static bool IsLink(string path)
    {
        if (OnWindows)
            return WindowsFile.IsLink(path);
        var attributes = new FileInfo(path).Attributes;
        return (int)attributes != -1 && (attributes & FileAttributes.ReparsePoint) != 0;
    }
}
