using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Packs;

/// <summary>
/// Lays blobs end to end in packs, each content once. Safe for concurrent callers. What was added is in the store only
/// after <see cref="FlushAsync"/>.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="held">The packs are added there.</param>
/// <param name="added">Which blobs there are; gets those that are laid into packs.</param>
internal sealed class BlobPacks(IObjectStore store, ObjectProtection held, AddedBlobs added) : IAsyncDisposable
{
    private readonly PackWriter.BufferPool _buffers = new();
    private readonly SemaphoreSlim _appending = new(1);
    private readonly CancellationTokenSource _disposed = new();
    private readonly List<PackWriter> _sealed = [];
    private PackWriter? _pack;

    /// <summary>Appends a blob, unless it was added meanwhile.</summary>
    public async ValueTask<(BlobLocation Location, bool IsNew)> AddAsync(
        Digest digest,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken
    )
    {
        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await AppendAsync(digest, bytes).ConfigureAwait(false);
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <summary>Appends the content of files, unless it was added meanwhile.</summary>
    /// <param name="files">The files.</param>
    /// <param name="locations">Where they are; those are added that have none, and get it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>How many of those were added meanwhile.</returns>
    public async ValueTask<int> AddAsync(ReadFiles files, BlobLocation[] locations, CancellationToken cancellationToken)
    {
        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var found = 0;
            for (var i = 0; i < locations.Length; i++)
            {
                if (!locations[i].IsEmpty)
                    continue;
                (locations[i], var isNew) = await AppendAsync(files[i].Digest, files[i].Bytes).ConfigureAwait(false);
                found += isNew ? 0 : 1;
            }
            return found;
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <summary>
    /// Appends blobs that say themselves where other blobs are, perhaps in their own pack: <paramref name="encode"/> is
    /// given the number of a blob and the pack it will lie in; every other pack has its digest by then.
    /// </summary>
    /// <param name="count">How many; they all go into one pack, however full.</param>
    /// <param name="encode">Called from several threads at once.</param>
    /// <param name="cancellationToken">Stops the call.</param>
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
            var encoded = new ReadOnlyMemory<byte>[count];
            InParallel.For(count, i => encoded[i] = encode(i, pack.Pack), cancellationToken);
            var locations = new (BlobLocation, int)[count];
            for (var i = 0; i < count; i++)
            {
                var offset = await pack.AppendAsync(encoded[i]).ConfigureAwait(false);
                locations[i] = (new BlobLocation(pack.Pack, offset), encoded[i].Length);
            }
            return locations;
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <summary>Makes all that was added durable in the store. More can be added afterwards.</summary>
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

    /// <summary>Drops what was not flushed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested)
            return;
#pragma warning disable CA1849 // CancelAsync is not there on netstandard2.0.
        _disposed.Cancel();
#pragma warning restore CA1849
        if (_pack is { } pack)
            await pack.AbandonAsync().ConfigureAwait(false);
        foreach (var full in _sealed)
            await Task.WhenAny(full.Stored).ConfigureAwait(false);
        _appending.Dispose();
        _disposed.Dispose();
    }

    // Only by whoever is appending.
    private async ValueTask<(BlobLocation Location, bool IsNew)> AppendAsync(Digest digest, ReadOnlyMemory<byte> bytes)
    {
        // Another caller may have come first with the same content.
        if (added.Find(digest) is { } meanwhile)
            return (meanwhile, false);
        var pack = await PackWithRoomAsync().ConfigureAwait(false);
        var offset = await pack.AppendAsync(bytes).ConfigureAwait(false);
        var location = new BlobLocation(pack.Pack, offset);
        added.Add(digest, location);
        return (location, true);
    }

    private async ValueTask<PackWriter> PackWithRoomAsync()
    {
        if (_pack is { Length: >= ContentWriter.PackSize })
            await SealPackAsync().ConfigureAwait(false);
        return _pack ??= new PackWriter(store, held, _buffers, _disposed.Token);
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
