using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace ArtifactsPS.Content;

/// <summary>What a <see cref="FileIndex"/> knows of one file.</summary>
/// <param name="Path">XXH128 of its full path.</param>
/// <param name="State">XXH128 of its state.</param>
/// <param name="Content">What it held in that state.</param>
internal readonly record struct FileRecord(FileRecord.Key Path, FileRecord.Key State, Digest Content)
{
    /// <summary>In bytes.</summary>
    public const int Length = 2 * Key.Length + Digest.Length;

    public static FileRecord Read(ReadOnlySpan<byte> bytes) =>
        new(Key.Read(bytes), Key.Read(bytes.Slice(Key.Length)), new Digest(bytes.Slice(2 * Key.Length, Digest.Length)));

    public void CopyTo(Span<byte> target)
    {
        Path.CopyTo(target);
        State.CopyTo(target.Slice(Key.Length));
        Content.CopyTo(target.Slice(2 * Key.Length));
    }

    /// <summary>An XXH128.</summary>
    internal readonly record struct Key(ulong High, ulong Low)
    {
        /// <summary>In bytes.</summary>
        public const int Length = 16;

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
            Span<byte> hash = stackalloc byte[Length];
            XxHash128.Hash(bytes, hash);
            return Read(hash);
        }
    }
}
