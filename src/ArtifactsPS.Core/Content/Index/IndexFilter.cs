using System.Buffers.Binary;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>
/// Bloom filter of a segment, split into blocks of one cache line at most: a lookup reads one block, and its only branch is
/// predictable, so that the processor searches several segments at once. Of absent blobs, 0.04 % seem to be present. A first publish
/// of small files into a store of 10 million blobs in 51 segments takes 1.1 times that into an empty store; with a filter of 10 bits
/// spread over its whole length it takes twice as long.
/// </summary>
internal static class IndexFilter
{
    /// <summary>Length of a block in bytes. That of a filter is a multiple of it.</summary>
    public const int BlockLength = Words * sizeof(uint);

    private const int BitsPerRecord = 20;
    private const int Words = 8;

    // Each word of a block has 32 bits.
    private const int BitsOfIndex = 5;

    /// <summary>Length in bytes of a filter for so many records.</summary>
    public static int Length(int records) =>
        (int)(((long)records * BitsPerRecord + 8 * BlockLength - 1) / (8 * BlockLength)) * BlockLength;

    /// <summary>Adds a digest.</summary>
    public static void Add(Span<byte> filter, Digest digest)
    {
        var block = BlockOf(filter, digest);
        var indexes = digest.SecondNumber;
        for (var word = 0; word < Words; word++, indexes >>= BitsOfIndex)
        {
            var bytes = block.Slice(word * sizeof(uint));
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, bits | 1U << (int)indexes);
        }
    }

    /// <summary>Whether a filter may contain a digest. False is certain.</summary>
    public static bool MayContain(ReadOnlySpan<byte> filter, in Bits bits)
    {
        if (filter.Length == 0)
            return false;
        var block = filter.Slice(StartOf(filter.Length, bits.Place), BlockLength);
        var missing =
            (bits.First & ~BinaryPrimitives.ReadUInt64LittleEndian(block))
            | (bits.Second & ~BinaryPrimitives.ReadUInt64LittleEndian(block.Slice(8)))
            | (bits.Third & ~BinaryPrimitives.ReadUInt64LittleEndian(block.Slice(16)))
            | (bits.Fourth & ~BinaryPrimitives.ReadUInt64LittleEndian(block.Slice(24)));
        return missing == 0;
    }

    private static Span<byte> BlockOf(Span<byte> filter, Digest digest) =>
        filter.Slice(StartOf(filter.Length, digest.Word(0)), BlockLength);

    // Blocks are in the order of the digests, so that sorted digests touch one after another.
    private static int StartOf(int length, uint place) =>
        (int)((ulong)place * (ulong)(length / BlockLength) >> 32) * BlockLength;

    /// <summary>Bits of a digest in a block, which are the same in all filters. Each number has the bits of two words.</summary>
    public readonly struct Bits(Digest digest)
    {
        public uint Place { get; } = digest.Word(0);

        public ulong First { get; } = BitsOf(digest, 0);

        public ulong Second { get; } = BitsOf(digest, 2);

        public ulong Third { get; } = BitsOf(digest, 4);

        public ulong Fourth { get; } = BitsOf(digest, 6);

        private static ulong BitsOf(Digest digest, int word)
        {
            var indexes = digest.SecondNumber >> word * BitsOfIndex;
            return 1UL << (int)(indexes & 31) | 1UL << (int)(32 + (indexes >> BitsOfIndex & 31));
        }
    }
}
