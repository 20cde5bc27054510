using System.Runtime.ExceptionServices;
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
    ContentVolume volume,
    StoreCompression compression
) : IAsyncDisposable
{
    private readonly PackWriter.BufferPool _buffers = new();
    private readonly SemaphoreSlim _appending = new(1);
    private readonly CancellationTokenSource _disposed = new();
    private readonly List<PackWriter> _sealed = [];
    private readonly List<IndexedBlob> _new = [];

    // Full packs whose blobs are not in the index, oldest first.
    private readonly Queue<PackWriter> _toIndex = new();
    private PackWriter? _pack;
    private bool _anyLost;

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
    /// <param name="needed">Blobs without which these are useless. They are durable, or in the same pack, when <paramref
    /// name="encode"/> is called.</param>
    /// <returns>Location and size in bytes of each blob, in the order of the indexes.</returns>
    public async Task<(BlobLocation Location, int Size)[]> AppendSelfReferringAsync(
        int count,
        Func<int, BlobContainer, ReadOnlyMemory<byte>> encode,
        IReadOnlyCollection<Blob> needed,
        CancellationToken cancellationToken
    )
    {
        // Others can append during the longest part of the wait.
        foreach (var full in await SealedAsync(cancellationToken).ConfigureAwait(false))
            if (IsNeeded(full))
                await AwaitAsync(full.Stored, cancellationToken).ConfigureAwait(false);
        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var pack = await PackWithRoomAsync().ConfigureAwait(false);
            foreach (var full in _sealed)
                await AwaitAsync(IsNeeded(full) ? full.Stored : full.Pack.Sealed, cancellationToken)
                    .ConfigureAwait(false);
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
                var offset = await AppendAsync(pack, blob).ConfigureAwait(false);
                locations[i] = (blob.At(pack.Pack, offset), blobs[i].Size);
            }
            return locations;
        }
        finally
        {
            _appending.Release();
        }

        bool IsNeeded(PackWriter pack) => needed.Any(blob => blob.Location.Container == pack.Pack);
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
        while (true)
        {
            int start;
            List<IndexedBlob> part;
            lock (_new)
            {
                start = Math.Max(0, _new.Count - IndexMerge.MaxAdded);
                part = _new.GetRange(start, _new.Count - start);
            }
            if (part.Count == 0)
                return;
            await index.AddAsync(part, cancellationToken).ConfigureAwait(false);
            lock (_new)
                _new.RemoveRange(start, part.Count);
        }
    }

    /// <summary>Adds the blobs of full packs that have become durable to the index, so that content is not sent again if this
    /// process is killed. Does not wait for packs.</summary>
    public async ValueTask AddFullPacksToIndexAsync(StoreIndex index, CancellationToken cancellationToken)
    {
        while (TakeStored() is { } pack)
        {
            List<IndexedBlob> part;
            lock (_new)
            {
                part = _new.FindAll(blob => blob.Location.Container == pack);
                _new.RemoveAll(blob => blob.Location.Container == pack);
            }
            try
            {
                await index.AddAsync(part, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                lock (_new)
                    _new.AddRange(part);
                throw;
            }
        }

        PendingPack? TakeStored()
        {
            lock (_toIndex)
                while (_toIndex.Count > 0 && _toIndex.Peek().Stored.IsCompleted)
                    if (_toIndex.Dequeue() is { Stored.Status: TaskStatus.RanToCompletion } stored)
                        return stored.Pack;
            return null;
        }
    }

    /// <summary>Makes all added blobs durable in the store. More blobs can be added afterwards. After a failure, packs in
    /// memory are written again by the next call. Larger ones are lost: see <see cref="PendingPack.IsLost"/>.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_pack is { IsStreamed: true })
                await SealPackAsync().ConfigureAwait(false);
            // All are awaited, so that each failure is reported once.
            Exception? failure = null;
            foreach (var pack in _sealed.ToArray())
                try
                {
                    await AwaitAsync(pack.Stored, cancellationToken).ConfigureAwait(false);
                    _sealed.Remove(pack);
                }
                catch (Exception e) when (pack.Pack.IsLost)
                {
                    Drop(pack);
                    failure ??= e;
                }
            if (failure is not null)
                ExceptionDispatchInfo.Capture(failure).Throw();
            if (_pack is not { Length: > 0 } last)
                return;
            await last.WriteAsync(cancellationToken).ConfigureAwait(false);
            _pack = null;
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <summary>Forgets packs that could not be written, and their blobs.</summary>
    /// <returns>Whether any blob was ever lost.</returns>
    public async Task<bool> DropLostAsync(CancellationToken cancellationToken)
    {
        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var pack in _sealed.Concat(_pack is null ? [] : [_pack]).Where(pack => pack.Pack.IsLost).ToList())
                Drop(pack);
            return _anyLost;
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
        _disposed.CancelNow();
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
        var offset = await AppendAsync(pack, blob).ConfigureAwait(false);
        var location = blob.At(pack.Pack, offset);
        added.Add(blob.Digest, location);
        volume.AddContent(blob.Size);
        lock (_new)
            _new.Add(new IndexedBlob(blob.Digest, location));
        return (location, true);
    }

    // A failed pack is reported once. Later blobs go to another one.
    private async ValueTask<long> AppendAsync(PackWriter pack, EncodedBlob blob)
    {
        try
        {
            var offset = await pack.AppendAsync(blob.Bytes).ConfigureAwait(false);
            volume.AddStored(blob.Bytes.Length);
            return offset;
        }
        catch when (pack.Pack.IsLost)
        {
            Drop(pack);
            throw;
        }
    }

    private async ValueTask<PackWriter> PackWithRoomAsync()
    {
        if (_pack is { Length: >= ContentWriter.PackSize })
            await SealPackAsync().ConfigureAwait(false);
        return _pack ??= new PackWriter(store, objects, _buffers, _disposed.Token);
    }

    private async ValueTask SealPackAsync()
    {
        var pack = _pack!;
        try
        {
            await pack.SealAsync().ConfigureAwait(false);
        }
        catch when (pack.Pack.IsLost)
        {
            Drop(pack);
            throw;
        }
        _sealed.Add(pack);
        lock (_toIndex)
            _toIndex.Enqueue(pack);
        _pack = null;
    }

    private async Task<List<PackWriter>> SealedAsync(CancellationToken cancellationToken)
    {
        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return [.. _sealed];
        }
        finally
        {
            _appending.Release();
        }
    }

    private void Drop(PackWriter pack)
    {
        _anyLost = true;
        _sealed.Remove(pack);
        if (_pack == pack)
            _pack = null;
        added.RemoveLost();
        lock (_new)
            _new.RemoveAll(blob => blob.Location.Container is PendingPack { IsLost: true });
    }

    // Writing goes on if the wait is cancelled.
    private static async Task AwaitAsync(Task writing, CancellationToken cancellationToken)
    {
        if (!writing.IsCompleted)
        {
            using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(writing, Task.Delay(Timeout.Infinite, left.Token)).ConfigureAwait(false);
            left.CancelNow();
            if (!writing.IsCompleted)
                cancellationToken.ThrowIfCancellationRequested();
        }
        await writing.ConfigureAwait(false);
    }
}
