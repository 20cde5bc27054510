using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>
/// A segment of the index. Its head is in memory, about three bytes for each record; blocks of records are read when they are
/// needed. Safe for concurrent callers.
/// </summary>
internal sealed class IndexSegment
{
    private readonly IObjectStore _store;
    private readonly IndexBlockCache _blocks;
    private readonly IndexSegmentSizes _sizes;
    private readonly byte[] _head;
    private readonly int _filterStart;

    // Content is often looked up in the order of its digests.
    private volatile RecentBlock? _recent;

    private IndexSegment(
        IObjectStore store,
        IndexBlockCache blocks,
        StoredKey key,
        IndexSegmentSizes sizes,
        byte[] head
    )
    {
        (_store, _blocks, Key, _sizes, _head) = (store, blocks, key, sizes, head);
        const int start = IndexSegmentFormat.StartLength;
        Replaced = [.. new IndexedObjects(head, start, sizes.Replaced).Digests];
        Objects = new IndexedObjects(head, start + sizes.Replaced * Digest.Length, sizes.Objects);
        _filterStart = start + (sizes.Replaced + sizes.Objects) * Digest.Length;
    }

    public StoredKey Key { get; }

    /// <summary>Number of records.</summary>
    public int Count => _sizes.Records;

    /// <summary>Segments whose blobs are in this one.</summary>
    public IReadOnlyList<Digest> Replaced { get; }

    /// <summary>Objects that contain the blobs.</summary>
    public IndexedObjects Objects { get; }

    private ReadOnlySpan<byte> Filter => _head.AsSpan(_filterStart, _sizes.FilterLength);

    /// <summary>Opens a segment.</summary>
    /// <param name="blocks">Receives the blocks that lookups read.</param>
    /// <returns>Null if the segment is missing: another process has merged it.</returns>
    /// <exception cref="InvalidDataException">The segment is damaged.</exception>
    public static async Task<IndexSegment?> OpenAsync(
        IObjectStore store,
        IndexBlockCache blocks,
        StoredKey key,
        CancellationToken cancellationToken
    )
    {
        using var stream = await store.OpenReadAsync(key.Key, 0, null, cancellationToken).ConfigureAwait(false);
        if (stream is null)
            return null;
        var start = new byte[IndexSegmentFormat.StartLength];
        var read = await stream.ReadFullyAsync(start, 0, start.Length, cancellationToken).ConfigureAwait(false);
        var sizes = IndexSegmentFormat.DecodeStart(start.AsSpan(0, read));
        // Compared with the listing before memory is allocated.
        if (sizes.TotalLength != key.Length)
            throw new InvalidDataException("the segment of the index is truncated");
        var head = new byte[sizes.HeadLength];
        start.CopyTo(head, 0);
        read += await stream
            .ReadFullyAsync(head, start.Length, head.Length - start.Length, cancellationToken)
            .ConfigureAwait(false);
        if (read < head.Length)
            throw new InvalidDataException("the segment of the index ends early");
        IndexSegmentFormat.CheckChecksum(head);
        return new IndexSegment(store, blocks, key, sizes, head);
    }

    /// <summary>Whether the segment may have a blob. False is certain.</summary>
    public bool MayContain(in IndexFilter.Bits bits) => IndexFilter.MayContain(Filter, bits);

    /// <summary>Finds a blob. Most absent blobs are found to be absent without a read.</summary>
    /// <exception cref="InvalidDataException">The segment is damaged.</exception>
    /// <exception cref="ObjectMissingException">Another process has merged the segment.</exception>
    public ValueTask<BlobLocation?> FindAsync(Digest digest, CancellationToken cancellationToken) =>
        TryFind(digest, out var location)
            ? new ValueTask<BlobLocation?>(location)
            : FindInBlocksAsync(digest, cancellationToken);

    /// <summary>Finds a blob in the head and in the block that was read last. A caller that looks up digests in their order needs
    /// <see cref="FindAsync"/> for few of them, and saves its asynchronous state for the others.</summary>
    /// <param name="location">Location; null if the segment doesn't have the blob.</param>
    /// <returns>False if a block must be read.</returns>
    /// <exception cref="InvalidDataException">The segment is damaged.</exception>
    public bool TryFind(Digest digest, out BlobLocation? location)
    {
        location = null;
        if (!MayContain(new IndexFilter.Bits(digest)))
            return true;
        var block = BlockOf(digest);
        if (block < 0)
            return true;
        if (_recent is not { } recent || recent.Block != block || FirstNumber(block) == digest.FirstNumber)
            return false;
        location = IndexSegmentFormat.Find(recent.Bytes, digest, Objects);
        return true;
    }

    private async ValueTask<BlobLocation?> FindInBlocksAsync(Digest digest, CancellationToken cancellationToken)
    {
        // Equal first numbers of two blocks are possible in theory.
        for (var block = BlockOf(digest); block >= 0 && FirstNumber(block) <= digest.FirstNumber; block--)
        {
            var bytes = await ReadBlockAsync(block, cancellationToken).ConfigureAwait(false);
            if (IndexSegmentFormat.Find(bytes, digest, Objects) is { } location)
                return location;
            if (FirstNumber(block) < digest.FirstNumber)
                break;
        }
        return null;
    }

    /// <summary>Reads all blocks, in the order of their digests. The records of a block are followed by a checksum.</summary>
    /// <exception cref="InvalidDataException">The segment is damaged.</exception>
    /// <exception cref="ObjectMissingException">Another process has merged the segment.</exception>
    public async IAsyncEnumerable<byte[]> ReadBlocksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var block = 0; block < _sizes.Blocks; block++)
            yield return await FetchBlockAsync(block, cancellationToken).ConfigureAwait(false);
    }

    // Last block whose first number is not greater; negative if there is none.
    private int BlockOf(Digest digest)
    {
        var low = 0;
        var high = _sizes.Blocks - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (FirstNumber(middle) <= digest.FirstNumber)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return high;
    }

    private ulong FirstNumber(int block) =>
        BinaryPrimitives.ReadUInt64LittleEndian(
            _head.AsSpan(_filterStart + _sizes.FilterLength + block * sizeof(ulong))
        );

    private int RecordsIn(int block) =>
        Math.Min(IndexSegmentFormat.RecordsPerBlock, _sizes.Records - block * IndexSegmentFormat.RecordsPerBlock);

    private async ValueTask<byte[]> ReadBlockAsync(int block, CancellationToken cancellationToken)
    {
        if (_blocks.Find(Key.Key, block) is not { } bytes)
        {
            bytes = await FetchBlockAsync(block, cancellationToken).ConfigureAwait(false);
            _blocks.Add(Key.Key, block, bytes);
        }
        _recent = new RecentBlock(block, bytes);
        return bytes;
    }

    // The records are followed by their checksum.
    private async Task<byte[]> FetchBlockAsync(int block, CancellationToken cancellationToken)
    {
        var full =
            IndexSegmentFormat.BlockLength(IndexSegmentFormat.RecordsPerBlock) + IndexSegmentFormat.ChecksumLength;
        var bytes = new byte[IndexSegmentFormat.BlockLength(RecordsIn(block)) + IndexSegmentFormat.ChecksumLength];
        using var stream =
            await _store
                .OpenReadAsync(Key.Key, _sizes.HeadLength + (long)block * full, bytes.Length, cancellationToken)
                .ConfigureAwait(false)
            ?? throw new ObjectMissingException(_store.Location, Key.Key);
        if (await stream.ReadFullyAsync(bytes, 0, bytes.Length, cancellationToken).ConfigureAwait(false) < bytes.Length)
            throw new InvalidDataException("the segment of the index ends early");
        IndexSegmentFormat.CheckChecksum(bytes);
        return bytes;
    }

    private sealed class RecentBlock(int block, byte[] bytes)
    {
        public int Block => block;

        public byte[] Bytes => bytes;
    }
}
