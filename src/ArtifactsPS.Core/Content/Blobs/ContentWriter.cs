using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Content.Index;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Stores files and other blobs. Small blobs are collected in packs; a large file becomes a separate object. Equal content
/// is stored once. Safe for concurrent callers, whose hashing runs in parallel.
/// <para>Added content is durable in the store only after <see cref="FlushAsync"/>.</para>
/// </summary>
public sealed class ContentWriter : IAsyncDisposable
{
    /// <summary>Size in bytes from which a file is stored as a separate object.</summary>
    public const int LargeFileSize = 8 << 20;

    /// <summary>Length in bytes from which a pack is full.</summary>
    public const long PackSize = 64 << 20;

    private readonly StoreIndex _index;
    private readonly AddedBlobs _added = new();
    private readonly BlobPacks _packs;
    private readonly ContentReader _reader;
    private readonly LargeFileWriter _largeFiles;

    /// <param name="compression">Compression of new content.</param>
    public ContentWriter(IObjectStore store, StoreCompression compression = StoreCompression.Zstandard)
    {
        Compression = compression;
        Objects = new ReliedObjects(store);
        _index = new StoreIndex(store);
        _packs = new BlobPacks(store, Objects, _added, Volume, compression);
        _largeFiles = new LargeFileWriter(store, this);
        _reader = new ContentReader(store);
    }

    /// <summary>Compression of new content.</summary>
    public StoreCompression Compression { get; }

    /// <summary>Bytes that the writer has added to the store.</summary>
    public ContentVolume Volume { get; } = new();

    /// <summary>Objects that the writer has stored or reused.</summary>
    internal ReliedObjects Objects { get; }

    /// <summary>Finds a blob that is already stored. Returns null if it is unknown.</summary>
    public delegate ValueTask<BlobLocation?> FindStored(Digest digest, long size);

    /// <summary>Finds the content that a file most likely has, such as its content in an earlier version. Returns null if
    /// it is unknown.</summary>
    public delegate ValueTask<Blob?> FindEarlier();

    /// <summary>Reads a file and stores its content, unless the content is already stored.</summary>
    /// <param name="path">Path of the file. Symbolic links are followed.</param>
    /// <param name="find">Called for content that this writer has not added before.</param>
    /// <param name="findEarlier">Called for large files only; null if there is no earlier content. A file of the same
    /// size is hashed before anything is written. Of a changed file only the new chunks are written.</param>
    /// <returns>The content, and the state of the file when it was read.</returns>
    /// <exception cref="FileChangedWhileReadingException">The file was modified while it was read.</exception>
    public async Task<(Blob Blob, FileState State)> AddFileAsync(
        string path,
        FindStored find,
        FindEarlier? findEarlier,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        using var file = new FileReader(path);
        var blob =
            file.State.Size >= LargeFileSize
                ? await _largeFiles.AddAsync(file, findEarlier, progress, cancellationToken).ConfigureAwait(false)
            : file.IsOfUnknownSize
                ? await AddFileOfUnknownSizeAsync(file, find, progress, cancellationToken).ConfigureAwait(false)
            : await AddSmallFileAsync(file, find, progress, cancellationToken).ConfigureAwait(false);
        return (blob, file.State);
    }

    /// <summary>Stores the content of files that were read, unless the content is already stored.</summary>
    /// <param name="find">Finds stored content by the index of the file. Called for content that this writer has not added
    /// before; null if no content is stored.</param>
    /// <param name="tally">Counts known and new files.</param>
    /// <returns>The location of each file's content, in the order of the files.</returns>
    internal async Task<BlobLocation[]> AddFilesAsync(
        ReadFiles files,
        Func<int, ValueTask<BlobLocation?>>? find,
        ContentTally tally,
        CancellationToken cancellationToken
    )
    {
        var locations = new BlobLocation[files.Count];
        var found = 0;
        for (var i = 0; i < locations.Length; i++)
        {
            var digest = files[i].Digest;
            if (_added.Find(digest) is { } added)
                locations[i] = added;
            else if (await FindAsync(i).ConfigureAwait(false) is { } stored)
                _added.Add(digest, locations[i] = stored);
            else
                continue;
            found++;
        }
        if (found < locations.Length)
            found += await _packs.AddAsync(files, locations, cancellationToken).ConfigureAwait(false);
        await _packs.AddFullPacksToIndexAsync(_index, cancellationToken).ConfigureAwait(false);
        tally.AddKnown(found);
        tally.AddPacked(locations.Length - found);
        return locations;

        async ValueTask<BlobLocation?> FindAsync(int i) =>
            (find is null ? null : await find(i).ConfigureAwait(false))
            ?? await FindStoredAsync(files[i].Digest, files[i].Bytes.Length, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the location of content that this writer has added or found before; otherwise null.</summary>
    public BlobLocation? FindAdded(Digest digest) => _added.Find(digest);

    /// <summary>Stores bytes, unless equal content is already stored.</summary>
    public async ValueTask<Blob> AddBytesAsync(
        ReadOnlyMemory<byte> bytes,
        FindStored find,
        CancellationToken cancellationToken
    ) => (await StoreBytesAsync(bytes, find, cancellationToken).ConfigureAwait(false)).Blob;

    /// <summary>Stores bytes unless this writer has added them before, even where the store has them elsewhere.</summary>
    internal async ValueTask<Blob> AddCopyAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var digest = Sha256.Of(bytes.Span);
        var (location, _) = await _packs.AddAsync(digest, bytes, cancellationToken).ConfigureAwait(false);
        return new Blob(digest, bytes.Length, location);
    }

    /// <summary>Appends a blob that contains locations of other blobs. See the overload for several blobs.</summary>
    internal async ValueTask<(BlobLocation Location, int Size)> AppendSelfReferringAsync(
        Func<BlobContainer, ReadOnlyMemory<byte>> encode,
        CancellationToken cancellationToken
    ) => (await AppendSelfReferringAsync(1, (_, pack) => encode(pack), cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Appends blobs that contain locations of other blobs, possibly in their own pack.</summary>
    /// <inheritdoc cref="BlobPacks.AppendSelfReferringAsync"/>
    internal Task<(BlobLocation Location, int Size)[]> AppendSelfReferringAsync(
        int count,
        Func<int, BlobContainer, ReadOnlyMemory<byte>> encode,
        CancellationToken cancellationToken
    ) => _packs.AppendSelfReferringAsync(count, encode, [], cancellationToken);

    /// <summary>Appends the chunk list of a large file.</summary>
    /// <param name="digest">Digest of the file.</param>
    /// <returns>Location of the file's content.</returns>
    internal async Task<BlobLocation> AddChunkedAsync(
        Digest digest,
        ChunkList chunks,
        CancellationToken cancellationToken
    )
    {
        // A list that is stored must not outlive chunks that are lost.
        var appended = await _packs
            .AppendSelfReferringAsync(1, (_, pack) => chunks.Encode(pack), chunks.Chunks, cancellationToken)
            .ConfigureAwait(false);
        var (location, size) = appended[0];
        var chunked = location with
        {
            Encoding = BlobEncoding.Chunked,
            EncodedLength = checked((int)location.StoredLength(size)),
        };
        _packs.AddChunked(digest, chunked);
        return chunked;
    }

    /// <summary>Finds content that this writer has added before, or that the store has.</summary>
    /// <returns>Null if the content must be added.</returns>
    internal async ValueTask<BlobLocation?> FindStoredAsync(
        Digest digest,
        long size,
        CancellationToken cancellationToken
    )
    {
        if (_added.Find(digest) is { } added)
            return added;
        if (await _index.FindAsync(digest, size, cancellationToken).ConfigureAwait(false) is not { } stored)
            return null;
        Objects.Add(stored.Object.Digest, stored.Offset + stored.StoredLength(size));
        Objects.Add(await _reader.ObjectsOfAsync(stored, cancellationToken).ConfigureAwait(false));
        _added.Add(digest, stored);
        return stored;
    }

    /// <summary>Records content that was stored elsewhere than in a pack.</summary>
    internal void Add(Blob blob) => _added.Add(blob.Digest, blob.Location);

    /// <summary>Includes stored content in the next addition to the index.</summary>
    internal void AddToIndexLater(Blob stored) => _packs.AddToIndexLater(stored);

    /// <summary>Adds all new and durable content to the index of the store.</summary>
    internal Task AddToIndexAsync(CancellationToken cancellationToken) =>
        _packs.AddToIndexAsync(_index, cancellationToken);

    /// <summary>Appends a blob to a pack, unless it was added before.</summary>
    internal async ValueTask<(BlobLocation Location, bool IsNew)> AddAsync(
        EncodedBlob blob,
        CancellationToken cancellationToken
    )
    {
        var result = await _packs.AddAsync(blob, cancellationToken).ConfigureAwait(false);
        await _packs.AddFullPacksToIndexAsync(_index, cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>Makes all added content durable in the store. More content can be added afterwards. After a failure, the next
    /// call tries again. Content that is lost by then must be added again.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _packs.FlushAsync(cancellationToken);

    /// <summary>Forgets content that could not be written. It is stored if it is added again.</summary>
    /// <returns>Whether any content was ever lost.</returns>
    internal Task<bool> DropLostAsync(CancellationToken cancellationToken) => _packs.DropLostAsync(cancellationToken);

    /// <summary>Discards content that was not flushed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _packs.DisposeAsync().ConfigureAwait(false);
        _added.Clear();
        _largeFiles.Dispose();
        _index.Dispose();
    }

    private async Task<Blob> AddSmallFileAsync(
        FileReader file,
        FindStored find,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        var buffer = BlobBuffers.Rent((int)file.State.Size);
        try
        {
            var read = file.Read(buffer, 0, (int)file.State.Size);
            return await AddReadFileAsync(file, buffer.AsMemory(0, read), find, progress, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            BlobBuffers.Return(buffer);
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
            var buffer = BlobBuffers.Rent(size);
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
                BlobBuffers.Return(buffer);
            }
        }
        return await _largeFiles.AddAsync(file, findEarlier: null, progress, cancellationToken).ConfigureAwait(false);
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

    /// <summary>A <see cref="FindStored"/> that finds nothing, for content that is compared only with added
    /// content.</summary>
    internal static ValueTask<BlobLocation?> FindNothing(Digest digest, long size) => new((BlobLocation?)null);

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
        if (await FindStoredAsync(digest, bytes.Length, cancellationToken).ConfigureAwait(false) is { } indexed)
            return (indexed, false);
        var result = await _packs.AddAsync(digest, bytes, cancellationToken).ConfigureAwait(false);
        await _packs.AddFullPacksToIndexAsync(_index, cancellationToken).ConfigureAwait(false);
        return result;
    }
}
