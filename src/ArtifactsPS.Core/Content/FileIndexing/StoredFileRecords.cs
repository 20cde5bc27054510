using System.Buffers.Binary;
using System.IO.Hashing;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.FileIndexing;

/// <summary>Records in the file of a <see cref="FileIndex"/>. Tracks found records. Safe for concurrent callers.</summary>
internal sealed class StoredFileRecords
{
    private const int ChecksumLength = 16;
    private const int CountLength = 4;
    private const int ObjectLength = Digest.Length + 1;
    private const int FrameLength = FileRecord.Key.Length + CountLength + ChecksumLength;

    /// <summary>First bytes of the file, which identify its format.</summary>
    public static readonly byte[] Header = [.. "artifact-files-3"u8];

    private readonly byte[] _bytes;
    private readonly bool[] _found;
    private readonly StoredObject[] _objects;
    private readonly bool[] _areInBasis;

    // The bytes must be valid.
    private StoredFileRecords(byte[] bytes)
    {
        _bytes = bytes;
        var objects = ObjectCount(bytes);
        var table = bytes.Length - FrameLength - objects * ObjectLength;
        _found = new bool[(table - Header.Length) / FileRecord.Length];
        _objects = new StoredObject[objects];
        _areInBasis = new bool[objects];
        for (var i = 0; i < objects; i++)
        {
            var item = bytes.AsSpan(table + i * ObjectLength, ObjectLength);
            _objects[i] = new StoredObject(new Digest(item.Slice(0, Digest.Length)));
            _areInBasis[i] = item[Digest.Length] != 0;
        }
        Basis = FileRecord.Key.Read(bytes.AsSpan(bytes.Length - FrameLength));
    }

    public static StoredFileRecords None { get; } = new([.. Header, .. new byte[FrameLength]]);

    /// <summary>Identifies the version for which the file was written.</summary>
    public FileRecord.Key Basis { get; }

    public int Count => _found.Length;

    public bool AreAllFound => Array.TrueForAll(_found, found => found);

    public FileRecord this[int index] => FileRecord.Read(_bytes.AsSpan(Start(index), FileRecord.Length));

    /// <summary>Reads a file. A missing, unreadable or damaged file has no records.</summary>
    public static StoredFileRecords Read(string file)
    {
        try
        {
            var bytes = File.ReadAllBytes(file);
            return IsValid(bytes) ? new StoredFileRecords(bytes) : None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return None;
        }
    }

    /// <summary>Encodes the end of a file, without the checksum.</summary>
    /// <param name="objects">Objects in the order of their numbers.</param>
    /// <param name="basis">Version for which the file is written.</param>
    public static byte[] Footer(IReadOnlyList<(Digest Object, bool IsInBasis)> objects, FileRecord.Key basis)
    {
        var bytes = new byte[objects.Count * ObjectLength + FrameLength - ChecksumLength];
        for (var i = 0; i < objects.Count; i++)
        {
            objects[i].Object.CopyTo(bytes.AsSpan(i * ObjectLength));
            bytes[i * ObjectLength + Digest.Length] = objects[i].IsInBasis ? (byte)1 : (byte)0;
        }
        basis.CopyTo(bytes.AsSpan(bytes.Length - CountLength - FileRecord.Key.Length));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(bytes.Length - CountLength), objects.Count);
        return bytes;
    }

    public bool IsFound(int index) => _found[index];

    /// <summary>Finds the record of a file in a given state, and marks it as found.</summary>
    /// <returns>Null if the file in that state is unknown.</returns>
    public KnownFile? Find(FileRecord.Key path, FileRecord.Key state)
    {
        var index = IndexOf(path);
        if (index < 0 || this[index] is var record && record.State != state)
            return null;
        _found[index] = true;
        var number = record.Place.Object;
        return number < 0 || number >= _objects.Length
            ? new KnownFile(record.Content, null, false)
            : new KnownFile(
                record.Content,
                new BlobLocation(
                    _objects[number],
                    record.Place.Offset,
                    record.Place.Encoding,
                    record.Place.EncodedLength
                ),
                _areInBasis[number]
            );
    }

    /// <summary>Returns the object that holds a record's content; null if it is unknown.</summary>
    public StoredObject? ObjectOf(FileRecord record) =>
        record.Place.Object >= 0 && record.Place.Object < _objects.Length ? _objects[record.Place.Object] : null;

    /// <summary>Objects of the version for which the file was written.</summary>
    public IEnumerable<Digest> ObjectsInBasis => _objects.Where((_, i) => _areInBasis[i]).Select(item => item.Digest);

    private static bool IsValid(byte[] bytes)
    {
        var end = bytes.Length - ChecksumLength;
        if (
            bytes.Length < Header.Length + FrameLength
            || !bytes.AsSpan(0, Header.Length).SequenceEqual(Header)
            || ObjectCount(bytes) is var objects && objects < 0
        )
            return false;
        var records = bytes.Length - Header.Length - FrameLength - (long)objects * ObjectLength;
        if (records < 0 || records % FileRecord.Length != 0)
            return false;
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        XxHash128.Hash(bytes.AsSpan(0, end), checksum);
        return checksum.SequenceEqual(bytes.AsSpan(end));
    }

    private static int ObjectCount(byte[] bytes) =>
        BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(bytes.Length - ChecksumLength - CountLength));

    private static int Start(int index) => Header.Length + index * FileRecord.Length;

    // Negative if the path is missing.
    private int IndexOf(FileRecord.Key path)
    {
        var low = 0;
        var high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = FileRecord.Key.Compare(FileRecord.Key.Read(_bytes.AsSpan(Start(middle))), path);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return -1;
    }
}
