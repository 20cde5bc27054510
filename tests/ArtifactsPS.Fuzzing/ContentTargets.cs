using System.Text;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Fuzzing;

/// <summary>A Zstandard frame of a blob. The first two bytes are the size of the content.</summary>
internal sealed class FrameTarget : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds()
    {
        yield return Seed(new byte[5000]);
        yield return Seed(Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 500))));
        yield return Seed([.. Enumerable.Range(0, 2000).Select(i => (byte)(i * i / 7))]);
    }

    protected override void Process(byte[] input)
    {
        if (input.Length < 2)
            return;
        var content = new byte[input[0] | input[1] << 8];
        ZstandardFrame.Decompress(new ArraySegment<byte>(input, 2, input.Length - 2), new ArraySegment<byte>(content));
        // Accepted content survives another round trip.
        var again = new byte[content.Length];
        if (ZstandardFrame.TryCompress(new ArraySegment<byte>(content)) is not var (buffer, length))
            return;
        ZstandardFrame.Decompress(new ArraySegment<byte>(buffer, 0, length), new ArraySegment<byte>(again));
        if (!content.AsSpan().SequenceEqual(again))
            throw new InvalidOperationException("The content changes when it is compressed and decompressed.");
    }

    private static byte[] Seed(byte[] content)
    {
        var (buffer, length) =
            ZstandardFrame.TryCompress(new ArraySegment<byte>(content))
            ?? throw new InvalidOperationException("A seed doesn't shrink.");
        return [(byte)content.Length, (byte)(content.Length >> 8), .. buffer.AsSpan(0, length)];
    }
}

/// <summary>The list of a large file's chunks, compressed or not.</summary>
internal sealed class ChunkListTarget : FuzzTarget
{
    private const int MaxLength = 1 << 20;
    private static readonly StoredObject Self = new StoredObject(Samples.DigestOf('0'));

    public override IEnumerable<byte[]> Seeds()
    {
        var other = new StoredObject(Samples.DigestOf('1'));
        var list = new ChunkList([
            new Blob(Samples.DigestOf('2'), 1000, new BlobLocation(Self, 0)),
            new Blob(Samples.DigestOf('3'), 2000, new BlobLocation(Self, 1000, BlobEncoding.Zstandard, 700)),
            new Blob(Samples.DigestOf('4'), 3000, new BlobLocation(other, 7, BlobEncoding.Zstandard, 2999)),
            new Blob(Samples.DigestOf('5'), 4000, new BlobLocation(other, 10_000)),
            new Blob(Samples.DigestOf('6'), 4000, new BlobLocation(other, 14_000)),
        ]).Encode(Self);
        yield return list.ToArray();
        using var compressed = EncodedBlob.Of(default, list.ToArray(), StoreCompression.Zstandard);
        yield return compressed.Bytes.ToArray();
    }

    protected override void Process(byte[] input)
    {
        var list = ChunkList.Decode(ZstandardFrame.DecompressJson(input, MaxLength), Self);
        var again = ChunkList.Decode(list.Encode(Self).ToArray(), Self);
        if (!again.Chunks.Select(Describe).SequenceEqual(list.Chunks.Select(Describe), StringComparer.Ordinal))
            throw new InvalidOperationException("The list changes when it is written and read again.");
        if (ChunkRun.Split(list.Chunks).Count() > list.Chunks.Count)
            throw new InvalidOperationException("There are more runs than chunks.");
    }

    private static string Describe(Blob chunk) =>
        $"{chunk.Digest} {chunk.Size} {chunk.Location.StoredIn} {chunk.Location.Offset} {chunk.Location.EncodedLength}";
}
