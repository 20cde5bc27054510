using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Locations of the blobs that a writer has added, by digest. Safe for concurrent callers. A ConcurrentDictionary would
/// allocate an object for each of possibly a million blobs, and reallocate all of them when it grows.
/// </summary>
internal sealed class AddedBlobs
{
    private readonly Dictionary<Digest, BlobLocation>?[] _byFirstByte = new Dictionary<Digest, BlobLocation>?[1 << 8];
    private readonly object[] _locks = Enumerable.Range(0, 1 << 8).Select(_ => new object()).ToArray();

    public BlobLocation? Find(Digest digest)
    {
        lock (_locks[digest.FirstByte])
            return _byFirstByte[digest.FirstByte]?.TryGetValue(digest, out var location) == true ? location : null;
    }

    public void Add(Digest digest, BlobLocation location)
    {
        lock (_locks[digest.FirstByte])
            (_byFirstByte[digest.FirstByte] ??= [])[digest] = location;
    }

    public void Clear()
    {
        for (var i = 0; i < _byFirstByte.Length; i++)
            lock (_locks[i])
                _byFirstByte[i] = null;
    }
}
