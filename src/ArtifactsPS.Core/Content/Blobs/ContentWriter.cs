using System.Buffers;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Stores files and other blobs: small ones laid end to end in packs, large ones as objects of their own; each read
/// once, each content stored once. Safe for concurrent callers, whose hashing runs in parallel.
/// <para>What was added is in the store only after <see cref="FlushAsync"/>.</para>
/// </summary>
public sealed class ContentWriter : IAsyncDisposable
{
    /// <summary>A file of so many bytes or more is an object of its own.</summary>
    public const int LargeFileSize = 8 << 20;

    /// <summary>A pack that has so many bytes or more takes no further blob.</summary>
    public const long PackSize = 64 << 20;

    // The list of chunks of a larger one would be too long to be read in one piece.
    private const long MaxChunkedSize = 128L << 30;

    private readonly IObjectStore _store;
    private readonly SemaphoreSlim _largeFiles = new(2);
    private readonly AddedBlobs _added = new();
    private readonly BlobPacks _packs;

    /// <param name="store">The store.</param>
    public ContentWriter(IObjectStore store)
        : this(store, new ObjectProtection(store)) { }

    /// <param name="store">The store.</param>
    /// <param name="held">Gets the objects that it has stored.</param>
    internal ContentWriter(IObjectStore store, ObjectProtection held)
    {
        _store = store;
        Held = held;
        _packs = new BlobPacks(store, held, _added);
    }

    /// <summary>The objects that it has stored.</summary>
    internal ObjectProtection Held { get; }

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
            : file.IsOfUnknownSize
                ? await AddFileOfUnknownSizeAsync(file, find, progress, cancellationToken).ConfigureAwait(false)
            : await AddSmallFileAsync(file, find, progress, cancellationToken).ConfigureAwait(false);
        return (blob, file.State);
    }

    /// <summary>Stores the content of files that were read, unless it is there.</summary>
    /// <param name="files">The files.</param>
    /// <param name="find">Asked for content that was not added before, by the file's index; null where nothing is stored that
    /// could be found.</param>
    /// <param name="tally">Counts what becomes of them.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Where each file's content is.</returns>
    internal async Task<BlobLocation[]> AddFilesAsync(
        ReadFiles files,
        Func<int, ValueTask<BlobLocation?>>? find,
        ContentTally tally,
        CancellationToken cancellationToken
    )
    {
        var locations = new BlobLocation[files.Count];
        var found = 0;
        for (var i = 0; find is not null && i < locations.Length; i++)
        {
            var digest = files[i].Digest;
            if (_added.Find(digest) is { } added)
                locations[i] = added;
            else if (await find(i).ConfigureAwait(false) is { } stored)
                _added.Add(digest, locations[i] = stored);
            else
                continue;
            found++;
        }
        if (found < locations.Length)
            found += await _packs.AddAsync(files, locations, cancellationToken).ConfigureAwait(false);
        tally.AddKnown(found);
        tally.AddPacked(locations.Length - found);
        return locations;
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
        Func<BlobContainer, ReadOnlyMemory<byte>> encode,
        CancellationToken cancellationToken
    ) => (await AppendSelfReferringAsync(1, (_, pack) => encode(pack), cancellationToken).ConfigureAwait(false))[0];

    /// <inheritdoc cref="BlobPacks.AppendSelfReferringAsync"/>
    internal Task<(BlobLocation Location, int Size)[]> AppendSelfReferringAsync(
        int count,
        Func<int, BlobContainer, ReadOnlyMemory<byte>> encode,
        CancellationToken cancellationToken
    ) => _packs.AppendSelfReferringAsync(count, encode, cancellationToken);

    /// <summary>Appends where the chunks of a large file are.</summary>
    /// <returns>Where the file is.</returns>
    internal async Task<BlobLocation> AppendAsync(ChunkList chunks, CancellationToken cancellationToken)
    {
        var (location, length) = await AppendSelfReferringAsync(chunks.Encode, cancellationToken).ConfigureAwait(false);
        return location with { ChunkListLength = length };
    }

    /// <summary>Makes all that was added durable in the store. More can be added afterwards.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _packs.FlushAsync(cancellationToken);

    /// <summary>Drops what was not flushed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _packs.DisposeAsync().ConfigureAwait(false);
        _added.Clear();
        _largeFiles.Dispose();
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

    private async Task<Blob> AddFileOfUnknownSizeAsync(
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
            var location = new BlobLocation(new StoredObject(digest), 0);
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
        _store is IUploadingStore far
            ? LargeObjectUploader.UploadAsync(far, Held, file, stored, cancellationToken)
            : LargeObjectWriter.WriteAsync(_store, Held, file, stored, cancellationToken);

    // Null where the earlier content can't be read: then the file is stored whole.
    private async Task<Blob?> TryAddChangedFileAsync(
        FileReader file,
        Blob earlier,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        var writer = new ChunkedFileWriter(
            new ContentReader(_store),
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

        return await _packs.AddAsync(digest, bytes, cancellationToken).ConfigureAwait(false);
    }
}
