using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.FileIndexing;

/// <summary>Record of one file in a <see cref="FileIndex"/>.</summary>
/// <param name="Path">XXH128 of the full path.</param>
/// <param name="State">XXH128 of the file's state.</param>
/// <param name="Content">SHA-256 of the content in that state.</param>
/// <param name="Place">Location of the content.</param>
internal readonly record struct FileRecord(FileRecord.Key Path, FileRecord.Key State, Digest Content, StoredPlace Place)
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 2 * Key.Length + Digest.Length + StoredPlace.Length;

    public static FileRecord Read(ReadOnlySpan<byte> bytes) =>
        new(
            Key.Read(bytes),
            Key.Read(bytes.Slice(Key.Length)),
            new Digest(bytes.Slice(2 * Key.Length, Digest.Length)),
            StoredPlace.Read(bytes.Slice(2 * Key.Length + Digest.Length))
        );

    public void CopyTo(Span<byte> target)
    {
        Path.CopyTo(target);
        State.CopyTo(target.Slice(Key.Length));
        Content.CopyTo(target.Slice(2 * Key.Length));
        Place.CopyTo(target.Slice(2 * Key.Length + Digest.Length));
    }

    /// <summary>XXH128 of a path, a state or a version.</summary>
    internal readonly record struct Key(ulong High, ulong Low)
    {
        /// <summary>Length in bytes.</summary>
        public const int Length = 16;

        public static Key Of(string text) => Of(MemoryMarshal.AsBytes(text.AsSpan()));

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

        /// <summary>32 hex digits.</summary>
        public override string ToString() =>
            High.ToString("x16", CultureInfo.InvariantCulture) + Low.ToString("x16", CultureInfo.InvariantCulture);

        public static int Compare(Key left, Key right) =>
            left.High != right.High ? left.High.CompareTo(right.High) : left.Low.CompareTo(right.Low);

        private static Key Of(ReadOnlySpan<byte> bytes)
        {
            Span<byte> hash = stackalloc byte[Length];
            XxHash128.Hash(bytes, hash);
            return Read(hash);
        }
    }
}

/// <summary><see cref="BlobLocation"/> in an index file, which numbers its objects.</summary>
/// <param name="Object">Number of the object; negative if it is unknown.</param>
/// <param name="Offset">Offset in bytes in the object.</param>
/// <param name="Encoding">See <see cref="BlobLocation.Encoding"/>.</param>
/// <param name="EncodedLength">See <see cref="BlobLocation.EncodedLength"/>.</param>
internal readonly record struct StoredPlace(int Object, long Offset, BlobEncoding Encoding, int EncodedLength)
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 17;

    public static readonly StoredPlace Unknown = new(-1, 0, BlobEncoding.Raw, 0);

    public static StoredPlace Read(ReadOnlySpan<byte> bytes) =>
        new(
            BinaryPrimitives.ReadInt32LittleEndian(bytes),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(4)),
            (BlobEncoding)bytes[12],
            BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(13))
        );

    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, Object);
        BinaryPrimitives.WriteInt64LittleEndian(target.Slice(4), Offset);
        target[12] = (byte)Encoding;
        BinaryPrimitives.WriteInt32LittleEndian(target.Slice(13), EncodedLength);
    }
}
