using System.Collections.Concurrent;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Lengths of objects, each looked up once. A failed request is not remembered. Safe for concurrent callers, which may
/// look up the same object at the same time.</summary>
/// <param name="find">Returns the length of an object in bytes; null if it is missing.</param>
internal sealed class ObjectLengths(Func<Digest, CancellationToken, Task<long?>> find)
{
    private readonly ConcurrentDictionary<Digest, long?> _lengths = new();

    /// <summary>Returns the length of an object in bytes; null if it was missing when it was looked up first.</summary>
    public async ValueTask<long?> FindAsync(Digest digest, CancellationToken cancellationToken) =>
        _lengths.TryGetValue(digest, out var known)
            ? known
            : _lengths.GetOrAdd(digest, await find(digest, cancellationToken).ConfigureAwait(false));

    /// <summary>Whether an object has at least the bytes of content.</summary>
    /// <param name="location">Location in the object.</param>
    /// <param name="size">Size of the content in bytes.</param>
    public async ValueTask<bool> HasAsync(BlobLocation location, long size, CancellationToken cancellationToken) =>
        location.Offset + location.StoredLength(size)
        <= await FindAsync(location.Object.Digest, cancellationToken).ConfigureAwait(false);
}
