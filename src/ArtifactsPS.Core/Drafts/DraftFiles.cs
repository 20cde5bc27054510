using System.Diagnostics;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.FileIndexing;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Stores the content of a draft's files. Reads only files that may have changed since a draft of the artifact stored
/// them, including drafts that were never published. Safe for concurrent callers.</summary>
internal sealed class DraftFiles(VersionStore store, ArtifactName name, ContentWriter writer)
{
    // The most work that is repeated after a process was killed.
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(20);

    // A failure to look at the index is not remembered.
    private readonly Lazy<FileIndex> _index = new(
        () => new FileIndex(CacheFolder.PathOf(CacheFolder.FileIndexName, store.Id, name.Key + ".index")),
        LazyThreadSafetyMode.PublicationOnly
    );
    private readonly Stopwatch _sinceSaved = Stopwatch.StartNew();
    private IndexedContent? _content;
    private int _isSaving;

    /// <summary>Whether the file index has any file.</summary>
    public bool KnowsAny => !_index.Value.IsEmpty;

    /// <summary>Finds the content of a file that has not changed since it was read last.</summary>
    /// <returns>Content and state of the file, and whether the index has them already. Null if the file must be read.</returns>
    public async ValueTask<(Blob Blob, FileState State, bool IsIndexed)?> FindUnchangedAsync(
        ExistingContent existing,
        EntryPath path,
        string file,
        CancellationToken cancellationToken
    )
    {
        var state = FileState.Of(file);
        if (_index.Value.Find(file, state) is not { } found)
            return null;
        if (writer.FindAdded(found.Content) is { } added)
            return (new Blob(found.Content, state.Size, added), state, false);
        if (
            await ContentBy(existing).FindAsync(found, state.Size, cancellationToken).ConfigureAwait(false) is
            { } indexed
        )
            return (new Blob(found.Content, state.Size, indexed), state, true);
        return await existing.FindAsync(path, found.Content, cancellationToken).ConfigureAwait(false) is { } stored
            ? (new Blob(found.Content, state.Size, stored), state, false)
            : null;
    }

    /// <summary>Reads a file, and stores its content unless the store has it.</summary>
    /// <returns>Content and state of the file.</returns>
    /// <exception cref="FileChangedWhileReadingException">The file changed while it was being read.</exception>
    public Task<(Blob Blob, FileState State)> StoreAsync(
        ExistingContent existing,
        EntryPath path,
        string file,
        TransferProgress progress,
        CancellationToken cancellationToken
    ) =>
        writer.AddFileAsync(
            file,
            (digest, _) => existing.FindAsync(path, digest, cancellationToken),
            () => existing.AtPathAsync(path, cancellationToken),
            progress,
            cancellationToken
        );

    /// <summary>Stores the content of files that were read.</summary>
    /// <inheritdoc cref="ContentWriter.AddFilesAsync"/>
    public Task<BlobLocation[]> StoreAsync(
        ReadFiles files,
        Func<int, ValueTask<BlobLocation?>>? find,
        TransferProgress progress,
        CancellationToken cancellationToken
    ) => writer.AddFilesAsync(files, find, progress.Tally, cancellationToken);

    /// <summary>Adds a file to the file index.</summary>
    public void Remember(string file, FileState state, IStoredContent content)
    {
        // Special files with a reported size of 0 that have content don't report changes either.
        if (state.Size > 0)
            _index.Value.Add(file, state, content);
    }

    /// <summary>Saves the file index if it was not saved for some time.</summary>
    public async ValueTask SavePeriodicallyAsync()
    {
        if (_sinceSaved.Elapsed < SaveEvery || Interlocked.Exchange(ref _isSaving, 1) == 1)
            return;
        await _index.Value.SaveAsync(keepUnseen: true).ConfigureAwait(false);
        _sinceSaved.Restart();
        Volatile.Write(ref _isSaving, 0);
    }

    /// <summary>Saves the file index if it was used.</summary>
    /// <inheritdoc cref="FileIndex.SaveAsync"/>
    public async Task SaveAsync(bool keepUnseen, (FileIndexKey Version, ICollection<Digest> Objects)? basis)
    {
        if (_index.IsValueCreated)
            await _index.Value.SaveAsync(keepUnseen, basis).ConfigureAwait(false);
    }

    private IndexedContent ContentBy(ExistingContent existing)
    {
        if (_content is { } made)
            return made;
        Interlocked.CompareExchange(
            ref _content,
            new IndexedContent(_index.Value, existing, store.Objects, writer.Objects),
            null
        );
        return _content;
    }
}
