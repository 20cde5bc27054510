using System.IO.Hashing;

namespace ArtifactsPS.Content;

/// <summary>The records of a <see cref="FileIndex"/>'s file, and which of them were found. Safe for concurrent callers.</summary>
internal sealed class StoredFileRecords
{
    private const int ChecksumLength = 16;

    /// <summary>What the file begins with.</summary>
    public static readonly byte[] Header = [.. "artifact-files-1"u8];

    private readonly byte[] _bytes;
    private readonly bool[] _found;

    private StoredFileRecords(byte[] bytes)
    {
        _bytes = bytes;
        _found = new bool[(bytes.Length - Header.Length - ChecksumLength) / FileRecord.Length];
    }

    public static StoredFileRecords None { get; } = new([.. Header, .. new byte[ChecksumLength]]);

    public int Count => _found.Length;

    public bool AreAllFound => Array.TrueForAll(_found, found => found);

    public FileRecord this[int index] => FileRecord.Read(_bytes.AsSpan(Start(index), FileRecord.Length));

    /// <summary>Reads a file; one that can't be read or is damaged has none.</summary>
    public static StoredFileRecords Read(string file)
    {
        try
        {
            var bytes = File.ReadAllBytes(file);
            return IsSound(bytes) ? new StoredFileRecords(bytes) : None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return None;
        }
    }

    public bool IsFound(int index) => _found[index];

    /// <summary>What a file holds, if it is known in that state; it is found then.</summary>
    public Digest? Find(FileRecord.Key path, FileRecord.Key state)
    {
        var index = IndexOf(path);
        if (index < 0 || this[index] is var record && record.State != state)
            return null;
        _found[index] = true;
        return record.Content;
    }

    /// <summary>Whether this very record is there; it is found then.</summary>
    public bool Has(FileRecord record) => Find(record.Path, record.State) == record.Content;

    private static bool IsSound(byte[] bytes)
    {
        var end = bytes.Length - ChecksumLength;
        if (
            end < Header.Length
            || (end - Header.Length) % FileRecord.Length != 0
            || !bytes.AsSpan(0, Header.Length).SequenceEqual(Header)
        )
            return false;
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        XxHash128.Hash(bytes.AsSpan(0, end), checksum);
        return checksum.SequenceEqual(bytes.AsSpan(end));
    }

    private static int Start(int index) => Header.Length + index * FileRecord.Length;

    // Negative where there is none.
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
