using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Record that is derived from a log: a checkpoint, or a page of versions. It is stored as a Zstandard frame if that is
/// shorter, so that checkpoints add little to a store.</summary>
internal static class DerivedRecord
{
    /// <summary>Compresses a record. Short records, and records of more than 64 MiB, stay as they are.</summary>
    public static byte[] Compress(byte[] record)
    {
        if (ZstandardFrame.TryCompress(new ArraySegment<byte>(record)) is not var (buffer, length))
            return record;
        var frame = buffer.AsSpan(0, length).ToArray();
        BlobBuffers.Return(buffer);
        return frame;
    }

    /// <summary>Reads a record.</summary>
    /// <returns>Null if the key does not exist.</returns>
    /// <exception cref="ObjectCorruptException">The record is damaged.</exception>
    public static Task<SealedRecord?> ReadAsync(IObjectStore store, string key, CancellationToken cancellationToken) =>
        SealedRecord.ReadAsync(store, key, SealedRecord.MaxLength, Decode, cancellationToken);

    /// <exception cref="InvalidDataException">The bytes are not a record, or are damaged.</exception>
    public static SealedRecord Decode(byte[] bytes) =>
        SealedRecord.Decode(ZstandardFrame.DecompressJson(bytes, ZstandardFrame.MaxContentSize));
}
