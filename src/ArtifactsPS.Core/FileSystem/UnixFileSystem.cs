#if NET
using System.IO.Enumeration;
#endif

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Files and folders on macOS, and on other systems of Unix by path.</summary>
internal sealed class UnixFileSystem : LocalFileSystem
{
    private const long UnixEpochTicks = 621355968000000000;

    public override FileStream Open(
        string path,
        FileMode mode,
        FileAccess access,
        FileShare share,
        FileWaiting waiting = FileWaiting.InUseOrDenied
    ) => new(path, mode, access, share, bufferSize: 1);

    public override FileAttributes AttributesOf(string path) => new FileInfo(path).Attributes;

    public override bool IsFile(string path) => File.Exists(path);

    public override FileState StateOf(string path)
    {
        var file = new FileInfo(path);
#if NET
        if (file.ResolveLinkTarget(returnFinalTarget: true) is { } target)
            file = new FileInfo(target.FullName);
#endif
        if (!file.Exists)
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        var permissions = 0;
#if NET
        if (!OperatingSystem.IsWindows())
            permissions = (int)file.UnixFileMode;
#endif
        return new FileState(file.Length, (file.LastWriteTimeUtc.Ticks - UnixEpochTicks) * 100, 0, 0, permissions);
    }

    public override FileState StateOf(FileStream file, string path) => StateOf(path);

    public override IEnumerable<ListedName> List(string path) =>
#if NET
        new FileSystemEnumerable<ListedName>(
            path,
            static (ref FileSystemEntry entry) =>
                new ListedName(
                    entry.FileName.ToString(),
                    entry.IsDirectory,
                    (entry.Attributes & FileAttributes.ReparsePoint) != 0
                ),
            new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }
        );
#else
        new DirectoryInfo(path)
            .EnumerateFileSystemInfos()
            .Select(item => new ListedName(
                item.Name,
                item is DirectoryInfo,
                (item.Attributes & FileAttributes.ReparsePoint) != 0
            ));
#endif

    public override IEnumerable<ListedFile> ListFiles(string path, Func<string, bool> isWanted)
    {
        foreach (var item in new DirectoryInfo(path).EnumerateFileSystemInfos())
            if (!isWanted(item.Name) || (item.Attributes & FileAttributes.ReparsePoint) != 0)
                continue;
            else if (item is DirectoryInfo)
                yield return new ListedFile(item.Name, true, 0, default);
            // The file may be deleted after it was listed.
            else if (item is FileInfo { Exists: true } file)
                yield return new ListedFile(file.Name, false, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
    }

    public override bool TryPlace(string from, string to)
    {
        if (!PosixFileSystem.TryPlace(from, to))
            return false;
        PosixFileSystem.FlushFolder(LongPath.FolderOf(to));
        return true;
    }

    public override bool TryReplace(string from, string to, bool isDurable)
    {
        if (!PosixFileSystem.TryRename(from, to))
            return false;
        if (!isDurable)
            return true;
        PosixFileSystem.FlushFolder(LongPath.FolderOf(to));
        PosixFileSystem.FlushFolder(LongPath.FolderOf(from));
        return true;
    }

    public override bool TrySetReadOnly(string path)
    {
        try
        {
            File.SetAttributes(path, FileAttributes.ReadOnly);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    public override bool Delete(string path)
    {
        try
        {
            // File.Delete doesn't report a missing file.
            var found = AttributesOf(path);
            if (found == Missing || IsFolder(found))
                return false;
            File.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    public override void CreateFolder(string path, bool isDurable = false)
    {
        if (!isDurable)
        {
            Directory.CreateDirectory(path);
            return;
        }
        if (Directory.Exists(path))
            return;
        var parent = Path.GetDirectoryName(path);
        if (parent is { Length: > 0 })
            CreateFolder(parent, isDurable);
        Directory.CreateDirectory(path);
        if (parent is null)
            return;
        PosixFileSystem.FlushFolder(path);
        PosixFileSystem.FlushFolder(parent);
    }

    public override void RemoveFolder(string path)
    {
        if (IsLink(AttributesOf(path)))
            File.Delete(path);
        else if (Directory.Exists(path))
            Directory.Delete(path, recursive: false);
    }

    // Open files can be renamed and deleted.
    public override bool IsInUse(Exception exception) => false;

    private static bool IsFolder(FileAttributes attributes) =>
        (attributes & (FileAttributes.Directory | FileAttributes.ReparsePoint)) == FileAttributes.Directory;

    private static bool IsLink(FileAttributes attributes) =>
        attributes != Missing && (attributes & FileAttributes.ReparsePoint) != 0;
}
