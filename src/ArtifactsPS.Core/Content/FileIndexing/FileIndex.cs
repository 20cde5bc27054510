using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.FileIndexing;

/// <summary>
/// Remembers what files held when they were read or written, and where that is stored, so that unchanged ones need not be
/// read again. A file counts as unchanged when its size, its times of modification and of change, and its id are what they
/// were; the time of change is the system's own, so that an edit is noticed whose modification time was put back. A cache:
/// deleted, damaged or overwritten by another process it costs time, never correctness. Safe for concurrent callers.
/// <para>The file: records of 80 bytes, sorted (XXH128 of the path, XXH128 of the state, SHA-256 of the content, its place),
/// after a header; then the objects that the places are in, which version the index was written for, and an XXH128 of all
/// before it.</para>
/// </summary>
/// <param name="file">Where it is kept; not touched before it is needed.</param>
internal sealed class FileIndex(string file)
{
    // What opening and reading a file costs, in bytes of the index that can be read in that time.
    private const int CostOfFile = 16 << 10;

    private const long Milliseconds = 1_000_000;

    // A file that changes again within the resolution of its times would look unchanged. Those of the coarsest file
    // system (FAT) have two seconds; where they tell less than a millisecond it is the kernel's tick, 10 ms at the most.
    private const long SettledCoarse = 3000 * Milliseconds;
    private const long SettledFine = 100 * Milliseconds;

    private readonly object _lock = new();
    private readonly long _length = new FileInfo(file) is { Exists: true } there ? there.Length : 0;
    private readonly AppendOnlyList<AddedFile> _added = new();
    private StoredFileRecords? _stored;
    private long _passed;

    /// <summary>Whether it knows no file, so that asking about one's state is idle.</summary>
    public bool IsEmpty => _length == 0 || _stored is { Count: 0 };

    /// <summary>The version that it was written for; of use once a file was found.</summary>
    public FileRecord.Key Basis => Volatile.Read(ref _stored)?.Basis ?? default;

    /// <summary>What a file holds, if it is known in that state. The index is read when the files asked about have become
    /// so many that it costs less than they do: one changed file among a million is sooner read itself.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="state">Its state now.</param>
    public KnownFile? Find(string path, FileState state)
    {
        if (IsEmpty || !HasChangeTime(state) || StoredIfWorthIt(state.Size) is not { } stored)
            return null;
        return stored.Find(FileRecord.Key.Of(path), FileRecord.Key.Of(state));
    }

    /// <summary>Remembers what a file held, unless it changed a moment ago.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="state">Its state before and after it was read.</param>
    /// <param name="content">What it held.</param>
    public void Add(string path, FileState state, IStoredContent content)
    {
        if (StableAfter(state) <= Now())
            AddWritten(path, state, content);
    }

    /// <summary>Remembers what was written to a file, unless the index is saved only a moment later.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="state">Its state since then.</param>
    /// <param name="content">What it holds.</param>
    public void AddWritten(string path, FileState state, IStoredContent content)
    {
        if (!HasChangeTime(state))
            return;
        var added = new AddedFile(FileRecord.Key.Of(path), FileRecord.Key.Of(state), content, StableAfter(state));
        lock (_lock)
            _added.Add(added);
    }

    /// <summary>Writes the index, unless it would say the same or was not worth being read. More can be added
    /// afterwards.</summary>
    /// <param name="keepUnseen">Whether files stay known that were neither found nor added.</param>
    /// <param name="basis">The version that it is written for, and which objects that has; null where there is none
    /// new.</param>
    public async Task SaveAsync(bool keepUnseen, (FileRecord.Key Version, ICollection<Digest> Objects)? basis = null)
    {
        if (_stored is null && _length > 0)
            return;
        var stored = _stored ?? StoredFileRecords.None;
        var added = SettledFiles();
        // By half of the key, which numbers are sorted by much faster; that two have it in common will not happen.
        Array.Sort(Array.ConvertAll(added, item => item.Path.High), added);
        if (
            (basis is null || basis.Value.Version == stored.Basis)
            // First, since those that were added are found by it.
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
                    write => new FileIndexWriter(stored, added, keepUnseen).WriteAsync(version, objects, write)
                )
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without it the next run reads the files again, and that is all.
        }
    }

    // Where the system doesn't tell when a file changed, nothing can be concluded.
    private static bool HasChangeTime(FileState state) => state.Changed != 0 && state.FileId != 0;

    private static long StableAfter(FileState state) =>
        Math.Max(state.Changed, state.Modified) + (state.Changed % Milliseconds != 0 ? SettledFine : SettledCoarse);

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * Milliseconds;

    private AddedFile[] SettledFiles()
    {
        AddedFile[] added;
        lock (_lock)
            added = _added.ToArray();
        var now = Now();
        return Array.Exists(added, item => item.StableAfter > now)
            ? Array.FindAll(added, item => item.StableAfter <= now)
            : added;
    }

    private StoredFileRecords? StoredIfWorthIt(long size)
    {
        if (Volatile.Read(ref _stored) is { } read)
            return read;
        if (Interlocked.Add(ref _passed, CostOfFile + size) < _length)
            return null;
        lock (_lock)
            return _stored ??= StoredFileRecords.Read(file);
    }
}

/// <summary>A file that a <see cref="FileIndex"/> was told of.</summary>
/// <param name="Path">XXH128 of its full path.</param>
/// <param name="State">XXH128 of its state.</param>
/// <param name="Content">What it held in that state.</param>
/// <param name="StableAfter">From when on that state says that it holds it still (ns since 1970).</param>
internal readonly record struct AddedFile(
    FileRecord.Key Path,
    FileRecord.Key State,
    IStoredContent Content,
    long StableAfter
)
{
    /// <summary>Whether that is known; its record is found then.</summary>
    public bool IsIn(StoredFileRecords stored) =>
        stored.Find(Path, State) is { } known
        && known.Content == Content.Digest
        && known.Place?.Offset == Content.Location.Offset
        && known.Place?.StoredIn == Content.Location.StoredIn;
}
