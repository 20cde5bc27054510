using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
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
public sealed class FileIndex
{
    private const int KeyLength = 16;
    private const int RecordLength = 2 * KeyLength + Digest.Length;
    private const int MaxRecords = 1 << 24;

    // A file that changes again within the resolution of its times would look unchanged. Those of the coarsest file system
    // (FAT) have two seconds.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);
    private static readonly byte[] Header = [.. "artifact-files-1"u8];

    private readonly string _file;
    private readonly byte[] _stored;
    private readonly object _lock = new();
    private readonly Dictionary<Key, Record> _seen = [];
    private bool _isChanged;

    private FileIndex(string file, byte[] stored) => (_file, _stored) = (file, stored);

    /// <summary>Whether it knows no file.</summary>
    public bool IsEmpty => _stored.Length == 0;

    private int StoredCount => _stored.Length / RecordLength;

    /// <summary>Reads an index; one that isn't there or is damaged is empty.</summary>
    public static FileIndex Load(string file)
    {
        try
        {
            return new FileIndex(file, Decode(File.ReadAllBytes(file)) ?? []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FileIndex(file, []);
        }
    }

    /// <summary>What a file holds, if it is known in that state.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="state">Its state now.</param>
    public Digest? Find(string path, FileState state)
    {
        if (IsEmpty || !IsTelling(state))
            return null;
        var key = Key.Of(path);
        if (FindStored(key) is not { } record || record.State != Key.Of(state))
            return null;
        lock (_lock)
            _seen[key] = record;
        return record.Content;
    }

    /// <summary>Remembers what a file held.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="state">Its state before and after it was read.</param>
    /// <param name="content">What it held.</param>
    public void Add(string path, FileState state, Digest content)
    {
        if (!IsTelling(state) || !IsSettled(state))
            return;
        var record = new Record(Key.Of(path), Key.Of(state), content);
        lock (_lock)
        {
            _seen[record.Path] = record;
            _isChanged = true;
        }
    }

    /// <summary>Writes the index.</summary>
    /// <param name="keepUnseen">Whether files stay known that were neither found nor added.</param>
    public void Save(bool keepUnseen)
    {
        if (!_isChanged && (keepUnseen || _seen.Count == StoredCount))
            return;
        var records = new List<Record>(_seen.Values);
        if (keepUnseen)
            for (var i = 0; i < StoredCount; i++)
                if (ReadRecord(i) is var record && !_seen.ContainsKey(record.Path))
                    records.Add(record);
        records.Sort((left, right) => Key.Compare(left.Path, right.Path));
        if (records.Count > MaxRecords)
            records.RemoveRange(MaxRecords, records.Count - MaxRecords);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            FileReplacement.Write(_file, new ArraySegment<byte>(Encode(records)), executable: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without it the next run reads the files again, and that is all.
        }
    }

    // Where the system doesn't tell when a file changed, nothing can be concluded.
    private static bool IsTelling(FileState state) => state.Changed != 0 && state.FileId != 0;

    private static bool IsSettled(FileState state)
    {
        var limit = (DateTimeOffset.UtcNow - Settled).ToUnixTimeMilliseconds() * 1_000_000;
        return state.Changed < limit && state.Modified < limit;
    }

    private static byte[]? Decode(byte[] bytes)
    {
        var length = bytes.Length - Header.Length - KeyLength;
        if (length < 0 || length % RecordLength != 0 || !bytes.AsSpan(0, Header.Length).SequenceEqual(Header))
            return null;
        var end = Header.Length + length;
        Span<byte> checksum = stackalloc byte[KeyLength];
        XxHash128.Hash(bytes.AsSpan(0, end), checksum);
        return checksum.SequenceEqual(bytes.AsSpan(end)) ? bytes.AsSpan(Header.Length, length).ToArray() : null;
    }

    private static byte[] Encode(List<Record> records)
    {
        var end = Header.Length + records.Count * RecordLength;
        var bytes = new byte[end + KeyLength];
        Header.CopyTo(bytes, 0);
        for (var i = 0; i < records.Count; i++)
            records[i].CopyTo(bytes.AsSpan(Header.Length + i * RecordLength, RecordLength));
        XxHash128.Hash(bytes.AsSpan(0, end), bytes.AsSpan(end));
        return bytes;
    }

    private Record? FindStored(Key path)
    {
        var low = 0;
        var high = StoredCount - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = Key.Compare(Key.Read(_stored.AsSpan(middle * RecordLength)), path);
            if (order == 0)
                return ReadRecord(middle);
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return null;
    }

    private Record ReadRecord(int index)
    {
        var bytes = _stored.AsSpan(index * RecordLength, RecordLength);
        return new Record(Key.Read(bytes), Key.Read(bytes.Slice(KeyLength)), new Digest(bytes.Slice(2 * KeyLength)));
    }

    private readonly record struct Key(ulong High, ulong Low)
    {
        public static Key Of(string path) => Of(MemoryMarshal.AsBytes(path.AsSpan()));

        public static Key Of(FileState state)
        {
            Span<byte> bytes = stackalloc byte[32];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, state.Size);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.Slice(8), state.Modified);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.Slice(16), state.Changed);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(24), state.FileId);
            return Of(bytes);
        }

        public static Key Read(ReadOnlySpan<byte> bytes) =>
            new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(8)));

        public void CopyTo(Span<byte> target)
        {
            BinaryPrimitives.WriteUInt64BigEndian(target, High);
            BinaryPrimitives.WriteUInt64BigEndian(target.Slice(8), Low);
        }

        public static int Compare(Key left, Key right) =>
            left.High != right.High ? left.High.CompareTo(right.High) : left.Low.CompareTo(right.Low);

        private static Key Of(ReadOnlySpan<byte> bytes)
        {
            Span<byte> hash = stackalloc byte[KeyLength];
            XxHash128.Hash(bytes, hash);
            return Read(hash);
        }
    }

    private readonly record struct Record(Key Path, Key State, Digest Content)
    {
        public void CopyTo(Span<byte> target)
        {
            Path.CopyTo(target);
            State.CopyTo(target.Slice(KeyLength));
            Content.CopyTo(target.Slice(2 * KeyLength));
        }
    }
}
