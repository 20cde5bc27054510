using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Content.Index;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Packs;

/// <summary>
/// Collects blobs in packs, and stores equal content once. Safe for concurrent callers. Added blobs are durable in the
/// store only after <see cref="FlushAsync"/>.
/// </summary>
/// <param name="objects">Receives the packs.</param>
/// <param name="added">Blobs that need not be added again. Receives the blobs of the packs.</param>
/// <param name="compression">Compression of the blobs.</param>
internal sealed class BlobPacks(
    IObjectStore store,
    ReliedObjects objects,
    AddedBlobs added,
    StoreCompression compression
) : IAsyncDisposable
{
    private readonly PackWriter.BufferPool _buffers = new();
    private readonly SemaphoreSlim _appending = new(1);
    private readonly CancellationTokenSource _disposed = new();
    private readonly List<PackWriter> _sealed = [];
    private readonly List<IndexedBlob> _new = [];
    private PackWriter? _pack;

    /// <summary>Compresses and appends a blob, unless a concurrent caller has added it.</summary>
    public async ValueTask<(BlobLocation Location, bool IsNew)> AddAsync(
        Digest digest,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellationToken
    )
    {
        using var blob = EncodedBlob.Of(digest, content, compression);
        return await AddAsync(blob, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Appends a blob, unless a concurrent caller has added it.</summary>
    public async ValueTask<(BlobLocation Location, bool IsNew)> AddAsync(
        EncodedBlob blob,
        CancellationToken cancellationToken
    )
    {
        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await AppendAsync(blob).ConfigureAwait(false);
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <summary>Compresses and appends the content of files, unless a concurrent caller has added it.</summary>
    /// <param name="locations">Locations of the files' content. Files with an empty location are appended, and their
    /// locations are set.</param>
    /// <returns>Number of files with an empty location whose content was added already.</returns>
    public async ValueTask<int> AddAsync(ReadFiles files, BlobLocation[] locations, CancellationToken cancellationToken)
    {
        var blobs = new EncodedBlob[locations.Length];
        for (var i = 0; i < locations.Length; i++)
            if (locations[i].IsEmpty)
                blobs[i] = EncodedBlob.Of(files[i].Digest, files[i].Bytes, compression);
        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var found = 0;
            for (var i = 0; i < locations.Length; i++)
            {
                if (!locations[i].IsEmpty)
                    continue;
                (locations[i], var isNew) = await AppendAsync(blobs[i]).ConfigureAwait(false);
                found += isNew ? 0 : 1;
            }
            return found;
        }
        finally
        {
            _appending.Release();
            foreach (var blob in blobs)
                blob.Dispose();
        }
    }

    /// <summary>
    /// Appends blobs that contain locations of other blobs, possibly in their own pack.
    /// </summary>
    /// <param name="count">Number of blobs. All of them are added to one pack, which may exceed its usual size.</param>
    /// <param name="encode">Encodes the blob of a given index for a given pack. All other packs have their digests when
    /// it is called. Called from several threads concurrently.</param>
    /// <returns>Location and size in bytes of each blob, in the order of the indexes.</returns>
    public async Task<(BlobLocation Location, int Size)[]> AppendSelfReferringAsync(
        int count,
        Func<int, BlobContainer, ReadOnlyMemory<byte>> encode,
        CancellationToken cancellationToken
    )
    {
        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var pack = await PackWithRoomAsync().ConfigureAwait(false);
            foreach (var full in _sealed)
                await full.Pack.Sealed.ConfigureAwait(false);
            var blobs = new (EncodedBlob Blob, int Size)[count];
            InParallel.For(
                count,
                i =>
                {
                    var content = encode(i, pack.Pack);
                    // Nothing refers to these blobs by the digest of their bytes.
                    blobs[i] = (EncodedBlob.Of(default, content, compression), content.Length);
                },
                cancellationToken
            );
            var locations = new (BlobLocation, int)[count];
            for (var i = 0; i < count; i++)
            {
                using var blob = blobs[i].Blob;
                var offset = await pack.AppendAsync(blob.Bytes).ConfigureAwait(false);
                locations[i] = (blob.At(pack.Pack, offset), blobs[i].Size);
            }
            return locations;
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <summary>Records the chunk list of a large file, which was appended before.</summary>
    /// <param name="digest">Digest of the file.</param>
    public void AddChunked(Digest digest, BlobLocation location)
    {
        added.Add(digest, location);
        lock (_new)
            _new.Add(new IndexedBlob(digest, location));
    }

    /// <summary>Includes a stored blob in the next addition to the index.</summary>
    public void AddToIndexLater(Blob blob)
    {
        lock (_new)
            _new.Add(new IndexedBlob(blob.Digest, blob.Location));
    }

    /// <summary>Adds the blobs that were appended since the last call to the index. All of them are durable.</summary>
    public async Task AddToIndexAsync(StoreIndex index, CancellationToken cancellationToken)
    {
        IReadOnlyList<IndexedBlob> blobs;
        lock (_new)
            blobs = [.. _new];
        await index.AddAsync(blobs, cancellationToken).ConfigureAwait(false);
        lock (_new)
            _new.RemoveRange(0, blobs.Count);
    }

    /// <summary>Makes all added blobs durable in the store. More blobs can be added afterwards.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await SealPackAsync().ConfigureAwait(false);
            foreach (var pack in _sealed)
                await pack.Stored.ConfigureAwait(false);
            _sealed.Clear();
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <summary>Discards blobs that were not flushed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested)
            return;
#pragma warning disable CA1849 // CancelAsync is missing on netstandard2.0.
        _disposed.Cancel();
#pragma warning restore CA1849
        if (_pack is { } pack)
            await pack.AbandonAsync().ConfigureAwait(false);
        foreach (var full in _sealed)
            await Task.WhenAny(full.Stored).ConfigureAwait(false);
        _appending.Dispose();
        _disposed.Dispose();
    }

    // The caller must have entered _appending.
    private async ValueTask<(BlobLocation Location, bool IsNew)> AppendAsync(EncodedBlob blob)
    {
        // A concurrent caller may have added the same content.
        if (added.Find(blob.Digest) is { } existing)
            return (existing, false);
        var pack = await PackWithRoomAsync().ConfigureAwait(false);
        var offset = await pack.AppendAsync(blob.Bytes).ConfigureAwait(false);
        var location = blob.At(pack.Pack, offset);
        added.Add(blob.Digest, location);
        lock (_new)
            _new.Add(new IndexedBlob(blob.Digest, location));
        return (location, true);
    }

    private async ValueTask<PackWriter> PackWithRoomAsync()
    {
        if (_pack is { Length: >= ContentWriter.PackSize })
            await SealPackAsync().ConfigureAwait(false);
        return _pack ??= new PackWriter(store, objects, _buffers, _disposed.Token);
    }

    private async ValueTask SealPackAsync()
    {
        if (_pack is not { } pack)
            return;
        await pack.SealAsync().ConfigureAwait(false);
        _sealed.Add(pack);
        _pack = null;
    }
}
