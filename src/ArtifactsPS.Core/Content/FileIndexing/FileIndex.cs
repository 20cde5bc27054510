using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.FileIndexing;

/// <summary>
/// Cache of the content of files and its stored location, so that unchanged files need not be read again. A file is
/// unchanged if its size, modification time, change time and file id are equal. The operating system sets the change time,
/// so an edit is found even if the modification time was reset. Where that can't be relied on, a file has no change time
/// (see <see cref="LinuxChangeTimes"/>), and is read each time. A deleted, damaged or overwritten index costs time, never
/// correctness. Safe for concurrent callers.
/// </summary>
/// <param name="file">Path of the index file. It is read when it is first needed.</param>
/// <param name="time">The clock of the file system; null for that of this machine.</param>
internal sealed class FileIndex(string file, TimeProvider? time = null)
{
    // Cost of opening a file, as the number of bytes of the index that can be read in that time.
    private const int CostOfFile = 16 << 10;

    private const long Milliseconds = 1_000_000;

    // A file that changes again within the resolution of its times looks unchanged. The coarsest resolution is two seconds
    // (FAT). If a time has a fraction of a millisecond, the resolution is the kernel's tick, at most 10 ms.
    private const long CoarseStableDelay = 3000 * Milliseconds;
    private const long FineStableDelay = 100 * Milliseconds;

    private readonly object _lock = new();
    private readonly long _length = new FileInfo(file) is { Exists: true } existing ? existing.Length : 0;
    private readonly AppendOnlyList<Addition> _added = new();
    private FileIndexFile? _stored;
    private long _costOfMisses;

    /// <summary>Whether the index has no files, so that a lookup can be skipped.</summary>
    public bool IsEmpty => _length == 0 || _stored is { Count: 0 };

    /// <summary>Identifies the version for which the index was written. Valid after a file was found.</summary>
    public FileIndexKey Basis => Volatile.Read(ref _stored)?.Basis ?? default;

    /// <summary>Finds the content of a file in a given state. The index file is read once the requested files would cost
    /// more to read than the index: to read one changed file is faster than to read an index of a million files.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="state">Current state of the file.</param>
    /// <returns>Null if the file in that state is unknown, or the index was not read.</returns>
    public KnownFile? Find(string path, FileState state)
    {
        if (IsEmpty || !HasChangeTime(state) || GetStoredIfWorthReading(state.Size) is not { } stored)
            return null;
        return stored.Find(FileIndexKey.Of(path), FileIndexKey.Of(state));
    }

    /// <summary>Adds a file that was read, unless it changed too recently to detect another change.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="state">State of the file, both before and after it was read.</param>
    /// <param name="content">Content of the file.</param>
    public void Add(string path, FileState state, IStoredContent content)
    {
        if (StableAfter(state) <= Now())
            AddWritten(path, state, content);
    }

    /// <summary>Adds a file that was written. It is left out if the index is saved too soon to detect another
    /// change.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="state">State of the file after it was written.</param>
    /// <param name="content">Content of the file.</param>
    public void AddWritten(string path, FileState state, IStoredContent content)
    {
        if (!HasChangeTime(state))
            return;
        var added = new Addition(FileIndexKey.Of(path), FileIndexKey.Of(state), content, StableAfter(state));
        lock (_lock)
            _added.Add(added);
    }

    /// <summary>Waits until another change of a file could be detected, so that the file isn't left out. Doesn't wait where times
    /// are coarse.</summary>
    public Task WaitForStableAsync(FileState state)
    {
        var left = StableAfter(state) - Now();
        return HasChangeTime(state) && left is > 0 and <= FineStableDelay
            ? Delay.ForAsync(
                TimeSpan.FromMilliseconds((double)left / Milliseconds + 1),
                time ?? TimeProvider.System,
                CancellationToken.None
            )
            : Task.CompletedTask;
    }

    /// <summary>Writes the index file, unless it is unchanged or its old content was not read. More files can be added
    /// afterwards.</summary>
    /// <param name="keepUnseen">Whether to keep files that were neither found nor added.</param>
    /// <param name="basis">Version for which the index is written, and the objects of that version; null to keep the
    /// previous version.</param>
    public async Task SaveAsync(bool keepUnseen, (FileIndexKey Version, ICollection<Digest> Objects)? basis = null)
    {
        if (_stored is null && _length > 0)
            return;
        var stored = _stored ?? FileIndexFile.None;
        var added = StableFiles();
        // Sorting by half of the key is much faster, and 64 bits of a hash are unique in practice.
        Array.Sort(Array.ConvertAll(added, item => item.Path.High), added);
        if (
            (basis is null || basis.Value.Version == stored.Basis)
            // Before AreAllFound, because IsIn marks records as found.
            && !Array.Exists(added, item => !item.IsIn(stored))
            && (keepUnseen || stored.AreAllFound)
        )
            return;
        var (version, objects) = basis ?? (stored.Basis, new HashSet<Digest>(stored.ObjectsInBasis));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await FileReplacement
                .WriteAsync(
                    file,
                    executable: false,
                    write => stored.WriteAsync(added, keepUnseen, version, objects, write)
                )
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without the index, the next run only reads the files again.
        }
    }

    // Without a change time and file id from the system, a change can't be excluded.
    private static bool HasChangeTime(FileState state) => state.Changed != 0 && state.FileId != 0;

    private static long StableAfter(FileState state) =>
        Math.Max(state.Changed, state.Modified)
        + (state.Changed % Milliseconds != 0 ? FineStableDelay : CoarseStableDelay);

    private long Now() => (time ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds() * Milliseconds;

    private Addition[] StableFiles()
    {
        lock (_lock)
        {
            var now = Now();
            return _added.ToArray(item => item.StableAfter <= now);
        }
    }

    private FileIndexFile? GetStoredIfWorthReading(long size)
    {
        if (Volatile.Read(ref _stored) is { } read)
            return read;
        if (Interlocked.Add(ref _costOfMisses, CostOfFile + size) < _length)
            return null;
        lock (_lock)
            return _stored ??= FileIndexFile.Read(file);
    }

    /// <summary>File that was added.</summary>
    /// <param name="Path">XXH128 of the full path.</param>
    /// <param name="State">XXH128 of the file's state.</param>
    /// <param name="Content">Content of the file in that state.</param>
    /// <param name="StableAfter">Time from which an equal state proves equal content, in nanoseconds since 1970 (UTC).</param>
    internal readonly record struct Addition(
        FileIndexKey Path,
        FileIndexKey State,
        IStoredContent Content,
        long StableAfter
    )
    {
        /// <summary>Whether an equal record is stored. Marks that record as found.</summary>
        public bool IsIn(FileIndexFile stored) =>
            stored.Find(Path, State) is { } known
            && known.Content == Content.Digest
            && known.Location.GetValueOrDefault() is var location
            && location.Offset == Content.Location.Offset
            && location.StoredIn == Content.Location.StoredIn;
    }
}

/// <summary>Content of a file that is unchanged since it was added to a <see cref="FileIndex"/>.</summary>
/// <param name="Content">SHA-256 of the content.</param>
/// <param name="Location">Location of the content; null if it is unknown.</param>
/// <param name="IsInBasis">Whether the version for which the index was written uses the object of that location.</param>
internal readonly record struct KnownFile(Digest Content, BlobLocation? Location, bool IsInBasis);
