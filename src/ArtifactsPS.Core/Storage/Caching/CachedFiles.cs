using System.Globalization;
using System.Text;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Caching;

/// <summary>
/// Files of the cache, each complete or absent. Above a limit, the least recently used files are removed. An unreadable file
/// counts as missing, and a failed write is ignored. Safe for concurrent callers and processes.
/// </summary>
/// <param name="limit">Limit of the total size in bytes.</param>
internal sealed class CachedFiles(string folder, long limit)
{
    // Precision of a file's time, which is its last use.
    private static readonly TimeSpan UsePrecision = TimeSpan.FromMinutes(10);

    // Name of the file that has the limit as of the last use of the folder.
    private const string LimitName = "limit";

    private readonly object _lock = new();
    private long _total = -1;

    /// <summary>Largest file that is cached, in bytes.</summary>
    public long Largest => limit / 4;

    /// <summary>Full path of a file or folder of the cache.</summary>
    public string PathOf(params string[] segments) => Path.Combine([folder, .. segments]);

    /// <summary>Opens a file.</summary>
    /// <returns>The file, or null if it is missing.</returns>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public static FileStream? TryOpen(string path)
    {
        // Missing files are frequent, and an exception is slower than this check.
        if (!File.Exists(path))
            return null;
        return new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 1
        );
    }

    /// <summary>Sets the time of a file to now. Does nothing if the file was removed meanwhile or can't be changed.</summary>
    public static void NoteUse(string path)
    {
        try
        {
            var now = DateTime.UtcNow;
            if (now - File.GetLastWriteTimeUtc(path) > UsePrecision)
                File.SetLastWriteTimeUtc(path, now);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            // The file is removed earlier than others.
        }
    }

    /// <summary>Writes a file. Does nothing if the folder is full or can't be written.</summary>
    public void Write(string path, ArraySegment<byte> bytes)
    {
        try
        {
            CacheFolder.CreatePrivate(folder);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            FileReplacement.Write(path, bytes, executable: false);
            MakeRoom(bytes.Count);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            // The content will be read from the remote store again.
        }
    }

    /// <summary>Removes a file. If another process is reading it, it is removed later, as unused.</summary>
    public static void Remove(string path) => CacheFolder.TryDelete(new FileInfo(path));

    /// <summary>Removes files above the limit, if the folder was last used with another limit.</summary>
    public void ApplyLimit()
    {
        var path = PathOf(LimitName);
        var text = limit.ToString(CultureInfo.InvariantCulture);
        try
        {
            if (!Directory.Exists(folder) || (File.Exists(path) && File.ReadAllText(path) == text))
                return;
            lock (_lock)
                Shrink();
            if (limit > 0)
                Write(path, new ArraySegment<byte>(Encoding.ASCII.GetBytes(text)));
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            // The next process tries again.
        }
    }

    // Files of other processes are counted when this process reaches the limit by its own count.
    private void MakeRoom(int added)
    {
        lock (_lock)
        {
            if (_total >= 0)
                _total += added;
            if (_total < 0 || _total > limit)
                Shrink();
        }
    }

    private void Shrink()
    {
        var files = CacheFolder.FilesBelow(folder, CacheFolder.BlockCacheName);
        _total = files.Sum(file => file.Length);
        if (_total <= limit)
            return;
        foreach (var file in files.OrderBy(file => file.LastWriteTimeUtc))
        {
            // Removes a tenth more than needed, so that this doesn't repeat at once.
            if (_total <= limit - limit / 10)
                break;
            _total -= file.Length;
            CacheFolder.TryDelete(file);
        }
    }
}
