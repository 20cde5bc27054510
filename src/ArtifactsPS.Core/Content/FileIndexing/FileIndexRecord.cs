using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.FileIndexing;

/// <summary>Record of one file in a <see cref="FileIndexFile"/>.</summary>
/// <param name="Path">XXH128 of the full path.</param>
/// <param name="State">XXH128 of the file's state.</param>
/// <param name="Content">SHA-256 of the content in that state.</param>
/// <param name="Object">Number of the object that holds the content; negative if it is unknown.</param>
/// <param name="Offset">Offset in bytes in the object.</param>
/// <param name="Encoding">See <see cref="BlobLocation.Encoding"/>.</param>
/// <param name="EncodedLength">See <see cref="BlobLocation.EncodedLength"/>.</param>
internal readonly record struct FileIndexRecord(
    FileIndexKey Path,
    FileIndexKey State,
    Digest Content,
    int Object,
    long Offset,
    BlobEncoding Encoding,
    int EncodedLength
)
{
    /// <summary>Length in bytes.</summary>
    public const int Length = LocationStart + 17;

    private const int ContentStart = 2 * FileIndexKey.Length;
    private const int LocationStart = ContentStart + Digest.Length;

    public static FileIndexRecord Read(ReadOnlySpan<byte> bytes) =>
        new(
            FileIndexKey.Read(bytes),
            FileIndexKey.Read(bytes.Slice(FileIndexKey.Length)),
            new Digest(bytes.Slice(ContentStart, Digest.Length)),
            BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(LocationStart)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(LocationStart + 4)),
            (BlobEncoding)bytes[LocationStart + 12],
            BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(LocationStart + 13))
        );

    public void CopyTo(Span<byte> target)
    {
        Path.CopyTo(target);
        State.CopyTo(target.Slice(FileIndexKey.Length));
        Content.CopyTo(target.Slice(ContentStart));
        BinaryPrimitives.WriteInt32LittleEndian(target.Slice(LocationStart), Object);
        BinaryPrimitives.WriteInt64LittleEndian(target.Slice(LocationStart + 4), Offset);
        target[LocationStart + 12] = (byte)Encoding;
        BinaryPrimitives.WriteInt32LittleEndian(target.Slice(LocationStart + 13), EncodedLength);
    }
}

/// <summary>XXH128 of a path, of the state of a file, or of a version.</summary>
internal readonly record struct FileIndexKey(ulong High, ulong Low)
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 16;

    public static FileIndexKey Of(string text) => Of(MemoryMarshal.AsBytes(text.AsSpan()));

    public static FileIndexKey Of(FileState state)
    {
        Span<byte> bytes = stackalloc byte[32];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, state.Size);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.Slice(8), state.Modified);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.Slice(16), state.Changed);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(24), state.FileId);
        return Of(bytes);
    }

    public static FileIndexKey Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(8)));

    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt64BigEndian(target.Slice(8), Low);
    }

    /// <summary>32 hex digits.</summary>
    public override string ToString() =>
        High.ToString("x16", CultureInfo.InvariantCulture) + Low.ToString("x16", CultureInfo.InvariantCulture);

    public static int Compare(FileIndexKey left, FileIndexKey right) =>
        left.High != right.High ? left.High.CompareTo(right.High) : left.Low.CompareTo(right.Low);

    private static FileIndexKey Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Length];
        XxHash128.Hash(bytes, hash);
        return Read(hash);
    }
}
