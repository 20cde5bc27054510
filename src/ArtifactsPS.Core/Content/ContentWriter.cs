using System.Buffers;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Content;

/// <summary>
/// Stores files and other blobs: small ones laid end to end in packs, large ones as objects of their own; each read
/// once, each content stored once. Safe for concurrent callers, whose hashing runs in parallel.
/// <para>What was added is in the store only after <see cref="FlushAsync"/>.</para>
/// </summary>
public sealed class ContentWriter(IObjectStore store) : IAsyncDisposable
{
    /// <summary>A file of so many bytes or more is an object of its own.</summary>
    public const int LargeFileSize = 8 << 20;

    /// <summary>A pack that has so many bytes or more takes no further blob.</summary>
    public const long PackSize = 64 << 20;

    // The list of chunks of a larger one would be too long to be read in one piece.
    private const long MaxChunkedSize = 128L << 30;

    private readonly PackWriter.BufferPool _buffers = new();
    private readonly SemaphoreSlim _appending = new(1);
    private readonly SemaphoreSlim _largeFiles = new(2);
    private readonly CancellationTokenSource _disposed = new();
    private readonly AddedBlobs _added = new();
    private readonly List<PackWriter> _sealed = [];
    private PackWriter? _pack;

    /// <summary>The objects that it has stored are added there.</summary>
    internal HeldObjects Held { get; init; } = new(store);

    /// <summary>Finds a blob that the store has already; null when it isn't known.</summary>
    public delegate ValueTask<BlobLocation?> FindStored(Digest digest, long size);

    /// <summary>Tells what a file most likely holds; null when nothing is known.</summary>
    public delegate ValueTask<Blob?> FindExpected();

    /// <summary>Reads a file once and stores its content, unless it is there.</summary>
    /// <param name="path">The file; links are followed.</param>
    /// <param name="find">Asked for content that was not added before.</param>
    /// <param name="expect">Asked for large files only; null for none. One of the expected size is hashed before anything is
    /// written, so that an unchanged one costs no writing; of a changed one only the chunks are written that are new.</param>
    /// <param name="progress">Counts the bytes read.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The content, and the file's state when it was read.</returns>
    /// <exception cref="FileChangedWhileReadingException">The file was written to meanwhile.</exception>
    public async Task<(Blob Blob, FileState State)> AddFileAsync(
        string path,
        FindStored find,
        FindExpected? expect,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        using var file = new FileReader(path);
        var blob =
            file.State.Size >= LargeFileSize
                ? await AddLargeFileAsync(file, expect, progress, cancellationToken).ConfigureAwait(false)
            : file.IsOfUntoldSize
                ? await AddUntoldFileAsync(file, find, progress, cancellationToken).ConfigureAwait(false)
            : await AddSmallFileAsync(file, find, progress, cancellationToken).ConfigureAwait(false);
        return (blob, file.State);
    }

    /// <summary>Where content is that was added before; null when it wasn't.</summary>
    public BlobLocation? FindAdded(Digest digest) => _added.Find(digest);

    /// <summary>Stores bytes that are in memory, unless their content is there.</summary>
    public async ValueTask<Blob> AddBytesAsync(
        ReadOnlyMemory<byte> bytes,
        FindStored find,
        CancellationToken cancellationToken
    ) => (await StoreBytesAsync(bytes, find, cancellationToken).ConfigureAwait(false)).Blob;

    /// <summary>Appends a blob that says itself where other blobs are: see the overload for several.</summary>
    internal async ValueTask<(BlobLocation Location, int Size)> AppendSelfReferringAsync(
        Func<ObjectHandle, ReadOnlyMemory<byte>> encode,
        CancellationToken cancellationToken
    ) => (await AppendSelfReferringAsync(1, (_, pack) => encode(pack), cancellationToken).ConfigureAwait(false))[0];

    /// <summary>
    /// Appends blobs that say themselves where other blobs are, perhaps in their own pack: <paramref name="encode"/> is
    /// given the number of a blob and the pack it will lie in; every other pack has its digest by then.
    /// </summary>
    /// <param name="count">How many; they all go into one pack, however full.</param>
    /// <param name="encode">Called from several threads at once.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    internal async Task<(BlobLocation Location, int Size)[]> AppendSelfReferringAsync(
        int count,
        Func<int, ObjectHandle, ReadOnlyMemory<byte>> encode,
        CancellationToken cancellationToken
    )
    {
        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var pack = await PackWithRoomAsync().ConfigureAwait(false);
            foreach (var full in _sealed)
                await full.DigestKnown.ConfigureAwait(false);
            var encoded = new ReadOnlyMemory<byte>[count];
            InParallel.For(count, i => encoded[i] = encode(i, pack.Object), cancellationToken);
            var locations = new (BlobLocation, int)[count];
            for (var i = 0; i < count; i++)
            {
                var offset = await pack.AppendAsync(encoded[i]).ConfigureAwait(false);
                locations[i] = (new BlobLocation(pack.Object, offset), encoded[i].Length);
            }
            return locations;
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <summary>Appends where the chunks of a large file are.</summary>
    /// <returns>Where the file is.</returns>
    internal async Task<BlobLocation> AppendAsync(ChunkList chunks, CancellationToken cancellationToken)
    {
        var (location, length) = await AppendSelfReferringAsync(chunks.Encode, cancellationToken).ConfigureAwait(false);
        return location with { ChunkListLength = length };
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
        _added.Clear();
        _appending.Dispose();
        _largeFiles.Dispose();
        _disposed.Dispose();
    }

    private async Task<Blob> AddSmallFileAsync(
        FileReader file,
        FindStored find,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)file.State.Size);
        try
        {
            var read = file.Read(buffer, 0, (int)file.State.Size);
            return await AddReadFileAsync(file, buffer.AsMemory(0, read), find, progress, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<Blob> AddUntoldFileAsync(
        FileReader file,
        FindStored find,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        for (var size = 1 << 12; size < LargeFileSize; size <<= 3)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                var read = file.Read(buffer, 0, size);
                if (read < size)
                    return await AddReadFileAsync(file, buffer.AsMemory(0, read), find, progress, cancellationToken)
                        .ConfigureAwait(false);
                file.Rewind();
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        return await AddLargeFileAsync(file, null, progress, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Blob> AddReadFileAsync(
        FileReader file,
        ReadOnlyMemory<byte> bytes,
        FindStored find,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        file.CheckUnchanged(bytes.Length);
        progress.AddBytes(bytes.Length);
        var (blob, isNew) = await StoreBytesAsync(bytes, find, cancellationToken).ConfigureAwait(false);
        if (isNew)
            progress.Tally.AddPacked();
        else
            progress.Tally.AddKnown();
        return blob;
    }

    private async Task<Blob> AddLargeFileAsync(
        FileReader file,
        FindExpected? expect,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        var expected = expect is null ? null : await expect().ConfigureAwait(false);
        // Two at a time: one alone keeps reading, hashing and writing busy.
        await _largeFiles.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (
                expected is { } known
                && known.Size == file.State.Size
                && FileHash.Of(file, cancellationToken) == known.Digest
            )
            {
                progress.AddBytes(known.Size);
                progress.Tally.AddKnown();
                return known;
            }
            file.Rewind();
            if (
                expected is { Size: >= LargeFileSize and <= MaxChunkedSize } earlier
                && file.State.Size <= MaxChunkedSize
                && await TryAddChangedFileAsync(file, earlier, progress, cancellationToken).ConfigureAwait(false)
                    is { } changed
            )
            {
                _added.Add(changed.Digest, changed.Location);
                progress.Tally.AddChunked();
                return changed;
            }
            var (digest, read) = await StoreWholeAsync(file, count => progress.AddBytes(count), cancellationToken)
                .ConfigureAwait(false);
            var location = new BlobLocation(new ObjectHandle(digest), 0);
            _added.Add(digest, location);
            progress.Tally.AddLarge();
            return new Blob(digest, read, location);
        }
        finally
        {
            _largeFiles.Release();
        }
    }

    private Task<(Digest Digest, long Size)> StoreWholeAsync(
        FileReader file,
        Action<int> stored,
        CancellationToken cancellationToken
    ) =>
        store is IUploadingStore far
            ? LargeObjectUploader.UploadAsync(far, Held, file, stored, cancellationToken)
            : LargeObjectWriter.WriteAsync(store, Held, file, stored, cancellationToken);

    // Null where the earlier content can't be read: then the file is stored whole.
    private async Task<Blob?> TryAddChangedFileAsync(
        FileReader file,
        Blob earlier,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        var writer = new ChunkedFileWriter(
            new ContentReader(store),
            async (digest, bytes) =>
                (await StoreAsync(digest, bytes, NothingStored, cancellationToken).ConfigureAwait(false)).Location
        );
        try
        {
            var (digest, chunks) = await writer
                .WriteAsync(file, earlier, count => progress.AddBytes(count), cancellationToken)
                .ConfigureAwait(false);
            var location = await AppendAsync(chunks, cancellationToken).ConfigureAwait(false);
            return new Blob(digest, file.State.Size, location);
        }
        catch (ObjectLostException)
        {
            file.Rewind();
            return null;
        }
    }

    /// <summary>For content that is looked for nowhere else.</summary>
    internal static ValueTask<BlobLocation?> NothingStored(Digest digest, long size) => new((BlobLocation?)null);

    private async ValueTask<(Blob Blob, bool IsNew)> StoreBytesAsync(
        ReadOnlyMemory<byte> bytes,
        FindStored find,
        CancellationToken cancellationToken
    )
    {
        var digest = Sha256.Of(bytes.Span);
        var (location, isNew) = await StoreAsync(digest, bytes, find, cancellationToken).ConfigureAwait(false);
        return (new Blob(digest, bytes.Length, location), isNew);
    }

    private async ValueTask<(BlobLocation Location, bool IsNew)> StoreAsync(
        Digest digest,
        ReadOnlyMemory<byte> bytes,
        FindStored find,
        CancellationToken cancellationToken
    )
    {
        if (bytes.Length == 0)
            return default;
        if (_added.Find(digest) is { } added)
            return (added, false);
        if (await find(digest, bytes.Length).ConfigureAwait(false) is { } stored)
        {
            _added.Add(digest, stored);
            return (stored, false);
        }

        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another caller may have come first with the same content.
            if (_added.Find(digest) is { } meanwhile)
                return (meanwhile, false);
            var pack = await PackWithRoomAsync().ConfigureAwait(false);
            var offset = await pack.AppendAsync(bytes).ConfigureAwait(false);
            var location = new BlobLocation(pack.Object, offset);
            _added.Add(digest, location);
            return (location, true);
        }
        finally
        {
            _appending.Release();
        }
    }

    private async ValueTask<PackWriter> PackWithRoomAsync()
    {
        if (_pack is { Length: >= PackSize })
            await SealPackAsync().ConfigureAwait(false);
        return _pack ??= new PackWriter(store, Held, _buffers, _disposed.Token);
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
