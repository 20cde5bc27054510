using System.IO.Hashing;
using ArtifactsPS.Platform;

namespace ArtifactsPS.Content;

/// <summary>
/// Remembers what files held when they were read, so that unchanged ones need not be read again. A file counts as
/// unchanged when its size, its times of modification and of change, and its id are what they were; the time of change is
/// the system's own, so that an edit is noticed whose modification time was put back. A cache: deleted, damaged or
/// overwritten by another process it costs time, never correctness. Safe for concurrent callers.
/// <para>The file: records of 64 bytes, sorted (XXH128 of the path, XXH128 of the state, SHA-256 of the content), between a
/// header and an XXH128 of all before it.</para>
/// </summary>
/// <param name="file">Where it is kept; not touched before it is needed.</param>
public sealed class FileIndex(string file)
{
    private const int MaxRecords = 1 << 24;
    private const int BufferLength = 1 << 20;

    // What opening and reading a file costs, in bytes of the index that can be read in that time.
    private const int CostOfFile = 16 << 10;

    // A file that changes again within the resolution of its times would look unchanged. Those of the coarsest file system
    // (FAT) have two seconds.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    private readonly object _lock = new();
    private readonly long _length = new FileInfo(file) is { Exists: true } there ? there.Length : 0;
    private readonly AppendOnlyList<FileRecord> _added = new();
    private StoredFileRecords? _stored;
    private long _passed;

    /// <summary>Whether it knows no file, so that asking about one's state is idle.</summary>
    public bool IsEmpty => _length == 0 || _stored is { Count: 0 };

    /// <summary>What a file holds, if it is known in that state. The index is read when the files asked about have become
    /// so many that it costs less than they do: one changed file among a million is sooner read itself.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="state">Its state now.</param>
    public Digest? Find(string path, FileState state)
    {
        if (IsEmpty || !IsTelling(state) || StoredIfWorthIt(state.Size) is not { } stored)
            return null;
        return stored.Find(FileRecord.Key.Of(path), FileRecord.Key.Of(state));
    }

    /// <summary>Remembers what a file held.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="state">Its state before and after it was read.</param>
    /// <param name="content">What it held.</param>
    public void Add(string path, FileState state, Digest content)
    {
        if (!IsTelling(state) || !IsSettled(state))
            return;
        var record = new FileRecord(FileRecord.Key.Of(path), FileRecord.Key.Of(state), content);
        lock (_lock)
            _added.Add(record);
    }

    /// <summary>Writes the index, unless it would say the same or was not worth being read.</summary>
    /// <param name="keepUnseen">Whether files stay known that were neither found nor added.</param>
    public async Task SaveAsync(bool keepUnseen)
    {
        if (_stored is null && _length > 0)
            return;
        var stored = _stored ?? StoredFileRecords.None;
        var added = _added.ToArray();
        // By half of the key, which numbers are sorted by much faster; that two have it in common will not happen.
        Array.Sort(Array.ConvertAll(added, record => record.Path.High), added);
        if (!Array.Exists(added, record => !stored.Has(record)) && (keepUnseen || stored.AreAllFound))
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await FileReplacement
                .WriteAsync(
                    file,
                    executable: false,
                    write => WriteAsync(Merge(stored, added, keepUnseen).Take(MaxRecords), write)
                )
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without it the next run reads the files again, and that is all.
        }
    }

    private static async Task WriteAsync(IEnumerable<FileRecord> records, Func<byte[], int, Task> write)
    {
        var hash = new XxHash128();
        var buffer = new byte[BufferLength];
        var used = StoredFileRecords.Header.Length;
        StoredFileRecords.Header.CopyTo(buffer, 0);
        foreach (var record in records)
        {
            if (buffer.Length - used < FileRecord.Length)
                await PassOnAsync().ConfigureAwait(false);
            record.CopyTo(buffer.AsSpan(used));
            used += FileRecord.Length;
        }
        await PassOnAsync().ConfigureAwait(false);
        await write(buffer, hash.GetCurrentHash(buffer)).ConfigureAwait(false);

        Task PassOnAsync()
        {
            hash.Append(buffer.AsSpan(0, used));
            var count = used;
            used = 0;
            return write(buffer, count);
        }
    }

    // Where the system doesn't tell when a file changed, nothing can be concluded.
    private static bool IsTelling(FileState state) => state.Changed != 0 && state.FileId != 0;

    private static bool IsSettled(FileState state)
    {
        var limit = (DateTimeOffset.UtcNow - Settled).ToUnixTimeMilliseconds() * 1_000_000;
        return state.Changed < limit && state.Modified < limit;
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

    // Both are sorted. Each path once: two records of one tell of two
    // states that it had, and either may be kept.
    private static IEnumerable<FileRecord> Merge(StoredFileRecords stored, FileRecord[] added, bool keepUnseen)
    {
        var next = 0;
        for (var i = 0; i < added.Length; i++)
        {
            if (i > 0 && added[i].Path == added[i - 1].Path)
                continue;
            for (; next < stored.Count; next++)
            {
                var record = stored[next];
                var order = FileRecord.Key.Compare(record.Path, added[i].Path);
                if (order > 0)
                    break;
                if (order < 0 && (keepUnseen || stored.IsFound(next)))
                    yield return record;
            }
            yield return added[i];
        }
        for (; next < stored.Count; next++)
            if (keepUnseen || stored.IsFound(next))
                yield return stored[next];
    }
}
