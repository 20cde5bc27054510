using ArtifactsPS.Core.Content.Packs;
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

    /// <summary>Returns the location of a blob; null if it was not added, or its pack is lost.</summary>
    public BlobLocation? Find(Digest digest)
    {
        lock (_locks[digest.FirstByte])
            return _byFirstByte[digest.FirstByte]?.TryGetValue(digest, out var location) == true && !IsLost(location)
                ? location
                : null;
    }

    /// <summary>Removes the blobs of packs that could not be written.</summary>
    public void RemoveLost()
    {
        for (var i = 0; i < _byFirstByte.Length; i++)
            lock (_locks[i])
                if (_byFirstByte[i] is { } blobs)
                    foreach (var lost in blobs.Where(blob => IsLost(blob.Value)).ToList())
                        blobs.Remove(lost.Key);
    }

    private static bool IsLost(BlobLocation location) => location.Container is PendingPack { IsLost: true };

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
