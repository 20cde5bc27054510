using System.Buffers.Binary;
using System.IO.Hashing;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.FileIndexing;

/// <summary>
/// File of a <see cref="FileIndex"/>, which tracks the found records. Safe for concurrent callers.
/// <para>It has a header, and records of 81 bytes that are sorted by path. A footer has the objects of the
/// records, the version for which the file was written, and an XXH128 of all preceding bytes.</para>
/// </summary>
internal sealed class FileIndexFile
{
    private const int ChecksumLength = 16;
    private const int CountLength = 4;
    private const int ObjectLength = Digest.Length + 1;
    private const int FrameLength = FileIndexKey.Length + CountLength + ChecksumLength;

    private const int MaxRecords = 1 << 24;
    private const int BufferLength = 1 << 20;

    /// <summary>First bytes of the file, which identify its format.</summary>
    private static readonly byte[] Header = [.. "artifact-files-3"u8];

    private readonly byte[] _bytes;
    private readonly bool[] _found;
    private readonly StoredObject[] _objects;
    private readonly bool[] _areInBasis;

    // The bytes must be valid.
    private FileIndexFile(byte[] bytes)
    {
        _bytes = bytes;
        var objects = ObjectCount(bytes);
        var table = bytes.Length - FrameLength - objects * ObjectLength;
        _found = new bool[(table - Header.Length) / FileIndexRecord.Length];
        _objects = new StoredObject[objects];
        _areInBasis = new bool[objects];
        for (var i = 0; i < objects; i++)
        {
            var item = bytes.AsSpan(table + i * ObjectLength, ObjectLength);
            _objects[i] = new StoredObject(new Digest(item.Slice(0, Digest.Length)));
            _areInBasis[i] = item[Digest.Length] != 0;
        }
        Basis = FileIndexKey.Read(bytes.AsSpan(bytes.Length - FrameLength));
    }

    public static FileIndexFile None { get; } = new([.. Header, .. new byte[FrameLength]]);

    /// <summary>Identifies the version for which the file was written.</summary>
    public FileIndexKey Basis { get; }

    public int Count => _found.Length;

    public bool AreAllFound => Array.TrueForAll(_found, found => found);

    public FileIndexRecord this[int index] => FileIndexRecord.Read(_bytes.AsSpan(Start(index), FileIndexRecord.Length));

    /// <summary>Reads a file. A missing, unreadable or damaged file has no records.</summary>
    public static FileIndexFile Read(string file)
    {
        try
        {
            var bytes = File.ReadAllBytes(file);
            return IsValid(bytes) ? new FileIndexFile(bytes) : None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return None;
        }
    }

    /// <summary>Finds the record of a file in a given state, and marks it as found.</summary>
    /// <returns>Null if the file in that state is unknown.</returns>
    public KnownFile? Find(FileIndexKey path, FileIndexKey state)
    {
        var index = IndexOf(path);
        if (index < 0 || this[index] is var record && record.State != state)
            return null;
        _found[index] = true;
        return ObjectOf(record) is { } source
            ? new KnownFile(
                record.Content,
                new BlobLocation(source, record.Offset, record.Encoding, record.EncodedLength),
                _areInBasis[record.Object]
            )
            : new KnownFile(record.Content, null, false);
    }

    /// <summary>Objects of the version for which the file was written.</summary>
    public IEnumerable<Digest> ObjectsInBasis => _objects.Where((_, i) => _areInBasis[i]).Select(item => item.Digest);

    /// <summary>Writes a file with the records of this file and new ones.</summary>
    /// <param name="added">Records to add, sorted by path, and the objects that hold their content. They replace records of this
    /// file. Their own numbers of objects are ignored.</param>
    /// <param name="keepUnseen">Whether to keep records of this file that were not found.</param>
    /// <param name="basis">Version for which the file is written.</param>
    /// <param name="inBasis">Objects of that version.</param>
    /// <param name="write">Receives a buffer and its number of bytes. The buffer is reused afterwards.</param>
    public async Task WriteAsync(
        FileIndex.Addition[] added,
        bool keepUnseen,
        FileIndexKey basis,
        ICollection<Digest> inBasis,
        Func<byte[], int, Task> write
    )
    {
        var numbers = new ObjectNumbers();
        var hash = new XxHash128();
        var buffer = new byte[BufferLength];
        var used = Header.Length;
        Header.CopyTo(buffer, 0);
        foreach (var record in Merge(added, keepUnseen, numbers).Take(MaxRecords))
        {
            if (buffer.Length - used < FileIndexRecord.Length)
                await WriteAndHashAsync(buffer, used).ConfigureAwait(false);
            record.CopyTo(buffer.AsSpan(used));
            used += FileIndexRecord.Length;
        }
        await WriteAndHashAsync(buffer, used).ConfigureAwait(false);
        var footer = Footer([.. numbers.Objects.Select(item => (item, inBasis.Contains(item)))], basis);
        await WriteAndHashAsync(footer, footer.Length).ConfigureAwait(false);
        await write(buffer, hash.GetCurrentHash(buffer)).ConfigureAwait(false);

        Task WriteAndHashAsync(byte[] bytes, int count)
        {
            hash.Append(bytes.AsSpan(0, count));
            used = 0;
            return write(bytes, count);
        }
    }

    // Both inputs are sorted by path. Each path is returned once; of two states of a file, either may be kept.
    private IEnumerable<FileIndexRecord> Merge(FileIndex.Addition[] added, bool keepUnseen, ObjectNumbers numbers)
    {
        var next = 0;
        for (var i = 0; i < added.Length; i++)
        {
            if (i > 0 && added[i].Path == added[i - 1].Path)
                continue;
            for (; next < Count; next++)
            {
                var record = this[next];
                var order = FileIndexKey.Compare(record.Path, added[i].Path);
                if (order > 0)
                    break;
                if (order < 0 && (keepUnseen || _found[next]))
                    yield return Renumbered(record);
            }
            var (source, offset, encoding, encodedLength) = added[i].Content.Location;
            yield return new FileIndexRecord(
                added[i].Path,
                added[i].State,
                added[i].Content.Digest,
                numbers.Of(source),
                offset,
                encoding,
                encodedLength
            );
        }
        for (; next < Count; next++)
            if (keepUnseen || _found[next])
                yield return Renumbered(this[next]);

        FileIndexRecord Renumbered(FileIndexRecord record) => record with { Object = numbers.Of(ObjectOf(record)) };
    }

    // The end of a file, without the checksum.
    private static byte[] Footer(IReadOnlyList<(Digest Object, bool IsInBasis)> objects, FileIndexKey basis)
    {
        var bytes = new byte[objects.Count * ObjectLength + FrameLength - ChecksumLength];
        for (var i = 0; i < objects.Count; i++)
        {
            objects[i].Object.CopyTo(bytes.AsSpan(i * ObjectLength));
            bytes[i * ObjectLength + Digest.Length] = objects[i].IsInBasis ? (byte)1 : (byte)0;
        }
        basis.CopyTo(bytes.AsSpan(bytes.Length - CountLength - FileIndexKey.Length));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(bytes.Length - CountLength), objects.Count);
        return bytes;
    }

    // Null if it is unknown.
    private StoredObject? ObjectOf(FileIndexRecord record) =>
        record.Object >= 0 && record.Object < _objects.Length ? _objects[record.Object] : null;

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
        if (records < 0 || records % FileIndexRecord.Length != 0)
            return false;
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        XxHash128.Hash(bytes.AsSpan(0, end), checksum);
        return checksum.SequenceEqual(bytes.AsSpan(end));
    }

    private static int ObjectCount(byte[] bytes) =>
        BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(bytes.Length - ChecksumLength - CountLength));

    private static int Start(int index) => Header.Length + index * FileIndexRecord.Length;

    // Negative if the path is missing.
    private int IndexOf(FileIndexKey path)
    {
        var low = 0;
        var high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = FileIndexKey.Compare(FileIndexKey.Read(_bytes.AsSpan(Start(middle))), path);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return -1;
    }

    /// <summary>Numbers the objects of a file in the order in which they are needed.</summary>
    private sealed class ObjectNumbers
    {
        private const int Unknown = -1;

        private readonly Dictionary<Digest, int> _numbers = [];
        private readonly List<Digest> _objects = [];

        // Cache of the last number: most successive files are in the same object.
        private (BlobContainer? Container, int Number) _last = (null, Unknown);

        public IReadOnlyList<Digest> Objects => _objects;

        public int Of(BlobContainer? source)
        {
            if (source?.StoredOrDefault?.Digest is not { } digest)
                return Unknown;
            if (ReferenceEquals(_last.Container, source))
                return _last.Number;
            if (!_numbers.TryGetValue(digest, out var number))
            {
                number = _objects.Count;
                _numbers.Add(digest, number);
                _objects.Add(digest);
            }
            _last = (source, number);
            return number;
        }
    }
}
