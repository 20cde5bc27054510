using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>Objects in the head of a segment. They take 32 bytes each, since an index can have millions.</summary>
/// <param name="head">The head.</param>
/// <param name="start">Offset of the first digest in bytes.</param>
/// <param name="count">Number of objects.</param>
internal sealed class IndexedObjects(byte[] head, int start, int count)
{
    // Few objects usually have most records.
    private const int MaxKept = 1 << 12;

    private readonly StoredObject?[] _kept = count <= MaxKept ? new StoredObject?[count] : [];

    public int Count => count;

    public StoredObject this[int index] =>
        index < _kept.Length ? _kept[index] ??= new StoredObject(DigestAt(index)) : new StoredObject(DigestAt(index));

    public IEnumerable<Digest> Digests => Enumerable.Range(0, count).Select(DigestAt);

    private Digest DigestAt(int index) => new(head.AsSpan(start + index * Digest.Length, Digest.Length));
}
