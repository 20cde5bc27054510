using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Trash;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Copies of whole objects in temporary files, for work that reads most blobs of an object: a request for each of the
/// thousands of blobs in a pack takes longer than the whole pack. A bounded number is kept. Safe for concurrent callers.
/// </summary>
/// <param name="isSpooled">Whether an object is copied. Others are read directly.</param>
/// <param name="progress">Counts objects and their bytes.</param>
internal sealed class SpooledObjects(IObjectStore store, Func<Digest, bool> isSpooled, TransferProgress progress)
    : IDisposable
{
    // More than any pack has.
    private const long LargestObject = 128 << 20;
    private const long LargestRead = 16 << 20;
    private const int MostFiles = 16;

    private readonly SemaphoreSlim _lock = new(1);
    private readonly Queue<Digest> _kept = new();

    // Null for objects that are read directly: large ones, and those whose copy had to make room for others.
    private readonly Dictionary<Digest, Stream?> _copies = [];
    private readonly HashSet<Digest> _missing = [];

    /// <summary>Opens bytes of an object.</summary>
    /// <returns>The bytes, fewer if the object ends early; null if they must be read from the store.</returns>
    /// <exception cref="ObjectMissingException">The object is missing. It is looked up once.</exception>
    public async Task<Stream?> TryOpenAsync(
        Digest digest,
        long offset,
        long length,
        CancellationToken cancellationToken
    )
    {
        if (length > LargestRead || !isSpooled(digest))
            return null;
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_missing.Contains(digest))
                throw new ObjectMissingException(store.Location, StoreLayout.ObjectKey(digest));
            if (!_copies.TryGetValue(digest, out var copy))
                copy = await AddAsync(digest, cancellationToken).ConfigureAwait(false);
            if (copy is null)
                return null;
            var bytes = new byte[(int)Math.Max(0, Math.Min(length, copy.Length - offset))];
            copy.Position = offset;
            await copy.ReadFullyAsync(bytes, 0, bytes.Length, cancellationToken).ConfigureAwait(false);
            return new MemoryStream(bytes, writable: false);
        }
        finally
        {
            _lock.Release();
        }
    }

    public void Dispose()
    {
        foreach (var copy in _copies.Values)
            copy?.Dispose();
        _copies.Clear();
        _lock.Dispose();
    }

    private async Task<Stream?> AddAsync(Digest digest, CancellationToken cancellationToken)
    {
        var copy = await CopyAsync(digest, cancellationToken).ConfigureAwait(false);
        _copies[digest] = copy;
        if (copy is null)
            return null;
        _kept.Enqueue(digest);
        if (_kept.Count > MostFiles)
        {
            var oldest = _kept.Dequeue();
            _copies[oldest]?.Dispose();
            _copies[oldest] = null;
        }
        return copy;
    }

    private async Task<Stream?> CopyAsync(Digest digest, CancellationToken cancellationToken)
    {
        var length = await TrashedObjects.FindLengthAsync(store, digest, cancellationToken).ConfigureAwait(false);
        if (length is null)
        {
            _missing.Add(digest);
            throw new ObjectMissingException(store.Location, StoreLayout.ObjectKey(digest));
        }
        if (length > LargestObject)
            return null;
        progress.Expect(1, length.Value);
        using var stream = await TrashedObjects
            .OpenReadAsync(store, digest, 0, length: null, cancellationToken)
            .ConfigureAwait(false);
        if (stream is null)
            return null;
        var copy = await TemporaryFile
            .CreateAsync(async write =>
            {
                var buffer = new byte[1 << 20];
                while (
                    await stream.ReadFullyAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)
                        is > 0
                            and var read
                )
                {
                    await write(buffer, read).ConfigureAwait(false);
                    progress.AddBytes(read);
                }
            })
            .ConfigureAwait(false);
        progress.AddFile();
        return copy;
    }
}
