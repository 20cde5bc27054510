using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Records;

/// <summary>
/// The records of one fixed range of numbers under one key, so that a long log needs few keys. A segment is the records of
/// its range in sequence, byte for byte. It is written once and never deleted.
/// <para>Where a segment exists, the records under single keys in its range do not count. They are deleted later. See
/// <see cref="LogCompactor"/> for the reasons why this is safe.</para>
/// </summary>
internal static class LogSegment
{
    /// <summary>Number of records in a segment.</summary>
    public const int Length = 1_000;

    /// <summary>Maximum length in bytes. The records of a longer range stay under their single keys.</summary>
    public const int MaxBytes = 64 << 20;

    /// <summary>Index of the segment for a number, from 1.</summary>
    public static long IndexOf(long number) => (number - 1) / Length + 1;

    /// <summary>Lowest number in a segment.</summary>
    public static long FirstOf(long index) => (index - 1) * Length + 1;

    /// <summary>Highest number in a segment.</summary>
    public static long LastOf(long index) => index * Length;

    /// <summary>Encodes records in the order of their numbers.</summary>
    /// <exception cref="InvalidDataException">A record contains a line feed, or is not valid UTF-8.</exception>
    public static byte[] Encode(IReadOnlyList<SealedRecord> records)
    {
        var bytes = new MemoryStream();
        foreach (var record in records)
        {
            if (record.Body.Contains('\n'))
                throw new InvalidDataException("a record has more than one line");
            var encoded = SealedRecord.Encode(record.Body);
            if (SealedRecord.Decode(encoded).Digest != record.Digest)
                throw new InvalidDataException("a record is not valid UTF-8");
            bytes.Write(encoded, 0, encoded.Length);
        }
        return bytes.ToArray();
    }

    /// <summary>Reads the segment with an index.</summary>
    /// <param name="folder">Folder of the log.</param>
    /// <returns>The records in the order of their numbers; null if there is no such segment.</returns>
    /// <exception cref="ObjectCorruptException">The segment is damaged.</exception>
    public static Task<IReadOnlyList<SealedRecord>?> ReadAsync(
        IObjectStore store,
        string folder,
        long index,
        CancellationToken cancellationToken
    ) => SealedRecord.ReadAsync(store, StoreLayout.LogSegmentKey(folder, index), MaxBytes, Decode, cancellationToken);

    /// <exception cref="InvalidDataException">The bytes are not a segment.</exception>
    public static IReadOnlyList<SealedRecord> Decode(byte[] bytes)
    {
        var records = new List<SealedRecord>(Length);
        for (var start = 0; start < bytes.Length; )
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start) + 1;
            if (end == 0 || records.Count == Length)
                throw new InvalidDataException("it does not end after its last record");
            var record = new byte[end - start];
            Buffer.BlockCopy(bytes, start, record, 0, record.Length);
            records.Add(SealedRecord.Decode(record));
            start = end;
        }
        return records.Count == Length
            ? records
            : throw new InvalidDataException($"it has {records.Count} records instead of {Length}");
    }
}
