using Microsoft.Win32.SafeHandles;

namespace ArtifactsPS.Core.Tests.FileSystem;

/// <summary>Calls of Windows on the file system of the machine: names are not replaced silently, and read-only files neither
/// replaced nor deleted. Calls fail as the test wants.</summary>
internal sealed class EmulatedWindowsCalls : IWindowsCalls
{
    private readonly Dictionary<string, Queue<int>> _failures = [];

    /// <summary>Number of calls by name.</summary>
    public Dictionary<string, int> Count { get; } = [];

    /// <summary>Options of the last rename.</summary>
    public MoveFlags Flags { get; private set; }

    /// <summary>Attributes that each open file has besides its own.</summary>
    public FileAttributes ExtraAttributes { get; set; }

    /// <summary>Runs before each call, with its name.</summary>
    public Action<string> OnCall { get; set; } = _ => { };

    /// <summary>Lets the next calls of a name fail.</summary>
    public void Fail(string call, int error, int times = 1)
    {
        if (!_failures.TryGetValue(call, out var queue))
            _failures[call] = queue = new Queue<int>();
        for (var i = 0; i < times; i++)
            queue.Enqueue(error);
    }

    public int Open(string path, FileMode mode, FileAccess access, FileShare share, out SafeFileHandle? file)
    {
        file = null;
        if (FailureOf(nameof(Open)) is not 0 and var error)
            return error;
        if (Directory.Exists(path))
            return WindowsError.AccessDenied;
        if (mode == FileMode.CreateNew && File.Exists(path))
            return WindowsError.FileExists;
        if (mode == FileMode.Open && !File.Exists(path))
            return Missing(path);
        file = File.OpenHandle(path, mode, access, share);
        return 0;
    }

    public int OpenForState(string path, out SafeFileHandle? file) =>
        Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, out file);

    public int Move(string from, string to, MoveFlags flags)
    {
        Flags = flags;
        if (FailureOf(nameof(Move)) is not 0 and var error)
            return error;
        if (!File.Exists(from))
            return Missing(from);
        var replaces = (flags & MoveFlags.ReplaceExisting) != 0;
        if (File.Exists(to) && (!replaces || IsReadOnly(to)))
            return replaces ? WindowsError.AccessDenied : WindowsError.AlreadyExists;
        File.Move(from, to, replaces);
        return 0;
    }

    public int Delete(string path)
    {
        if (FailureOf(nameof(Delete)) is not 0 and var error)
            return error;
        if (Directory.Exists(path))
            return WindowsError.AccessDenied;
        if (!File.Exists(path))
            return Missing(path);
        if (IsReadOnly(path))
            return WindowsError.AccessDenied;
        File.Delete(path);
        return 0;
    }

    public int CreateFolder(string path)
    {
        if (FailureOf(nameof(CreateFolder)) is not 0 and var error)
            return error;
        if (Path.Exists(path))
            return WindowsError.AlreadyExists;
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            return WindowsError.PathNotFound;
        Directory.CreateDirectory(path);
        return 0;
    }

    public int RemoveFolder(string path)
    {
        if (FailureOf(nameof(RemoveFolder)) is not 0 and var error)
            return error;
        if (!Directory.Exists(path))
            return Missing(path);
        if (Directory.EnumerateFileSystemEntries(path).Any())
            return WindowsError.FolderNotEmpty;
        if (IsReadOnly(path))
            return WindowsError.AccessDenied;
        Directory.Delete(path);
        return 0;
    }

    public int GetAttributes(string path, out FileAttributes attributes)
    {
        attributes = File.Exists(path) || Directory.Exists(path) ? File.GetAttributes(path) : (FileAttributes)(-1);
        if (FailureOf(nameof(GetAttributes)) is not 0 and var error)
            return error;
        return (int)attributes == -1 ? Missing(path) : 0;
    }

    public int SetAttributes(string path, FileAttributes attributes)
    {
        if (FailureOf(nameof(SetAttributes)) is not 0 and var error)
            return error;
        if (!Path.Exists(path))
            return Missing(path);
        File.SetAttributes(path, attributes);
        return 0;
    }

    public int List(string path, ICollection<WindowsEntry> entries)
    {
        if (FailureOf(nameof(List)) is not 0 and var error)
            return error;
        if (!Directory.Exists(path))
            return WindowsError.PathNotFound;
        foreach (var item in new DirectoryInfo(path).EnumerateFileSystemInfos())
            entries.Add(
                new WindowsEntry(
                    item.Name,
                    item.Attributes,
                    item is FileInfo file ? file.Length : 0,
                    new DateTimeOffset(item.LastWriteTimeUtc)
                )
            );
        return 0;
    }

    public int GetState(SafeFileHandle file, out WindowsFileState state)
    {
        state = new WindowsFileState(
            File.GetAttributes(file) | ExtraAttributes,
            RandomAccess.GetLength(file),
            File.GetLastWriteTimeUtc(file).ToFileTimeUtc(),
            File.GetLastWriteTimeUtc(file).ToFileTimeUtc(),
            1
        );
        return FailureOf(nameof(GetState));
    }

    public static bool IsReadOnly(string path) => (File.GetAttributes(path) & FileAttributes.ReadOnly) != 0;

    private static int Missing(string path) =>
        Directory.Exists(Path.GetDirectoryName(path)) ? WindowsError.FileNotFound : WindowsError.PathNotFound;

    private int FailureOf(string call)
    {
        Count[call] = Count.GetValueOrDefault(call) + 1;
        OnCall(call);
        return _failures.TryGetValue(call, out var queue) && queue.TryDequeue(out var error) ? error : 0;
    }
}
