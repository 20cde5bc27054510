using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Caching;

/// <summary>
/// Files of the cache, each there whole or not at all. Those not used for longest go when all come to more than a limit.
/// What can't be read isn't there, and what can't be written isn't kept. Safe for concurrent callers and processes.
/// </summary>
/// <param name="folder">Where they are.</param>
/// <param name="limit">How much they may come to, in bytes.</param>
internal sealed class CachedFiles(string folder, long limit)
{
    // A file's time is its last use, told this exactly.
    private static readonly TimeSpan UseIsToldEvery = TimeSpan.FromMinutes(10);

    private readonly object _lock = new();
    private long _total = -1;

    /// <summary>How much a thing may come to and still be kept, in bytes.</summary>
    public long Largest => limit / 4;

    /// <summary>The full path of a file or folder.</summary>
    public string PathOf(params string[] segments) => Path.Combine([folder, .. segments]);

    /// <summary>Opens a file.</summary>
    /// <returns>Null where it isn't there.</returns>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream? TryOpen(string path)
    {
        // Most often it isn't, and an exception takes longer to say so.
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

    /// <summary>A file was of use.</summary>
    /// <exception cref="IOException">That can't be told.</exception>
    /// <exception cref="UnauthorizedAccessException">That may not be told.</exception>
    public static void NoteUse(string path)
    {
        var now = DateTime.UtcNow;
        if (now - File.GetLastWriteTimeUtc(path) > UseIsToldEvery)
            File.SetLastWriteTimeUtc(path, now);
    }

    /// <summary>Keeps a file. Where there is no room, or no right to write, it isn't kept.</summary>
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
            // It will be read from afar again.
        }
    }

    /// <summary>Removes a file. Where another process is reading it, it goes with those that are not used.</summary>
    public static void Remove(string path) => CacheFolder.TryDelete(new FileInfo(path));

    // What other processes add is counted when this one has come to the limit by what it knows.
    private void MakeRoom(int added)
    {
        lock (_lock)
        {
            _total = _total < 0 ? CacheFolder.FilesBelow(folder).Sum(file => file.Length) : _total + added;
            if (_total <= limit)
                return;
            var files = CacheFolder.FilesBelow(folder).OrderBy(file => file.LastWriteTimeUtc).ToList();
            _total = files.Sum(file => file.Length);
            foreach (var file in files)
            {
                // A tenth more than needed, so that it isn't done again at once.
                if (_total <= limit - limit / 10)
                    break;
                _total -= file.Length;
                CacheFolder.TryDelete(file);
            }
        }
    }
}
