using System.Diagnostics;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.FileIndexing;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Stores the content of a draft's files, and reads only those that may have changed since any draft of the
/// artifact stored them, be it one that was never published. Safe for concurrent callers.</summary>
/// <param name="store">The store.</param>
/// <param name="name">The artifact's.</param>
/// <param name="writer">Where content goes.</param>
internal sealed class DraftFiles(VersionStore store, string name, ContentWriter writer)
{
    // So much of the work at the most is done again after a process was killed.
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(20);

    private readonly Lazy<FileIndex> _index = new(() =>
        new FileIndex(CacheFolder.PathOf("files", store.Id, Names.KeyOf(name) + ".index"))
    );
    private readonly Stopwatch _sinceSaved = Stopwatch.StartNew();
    private RememberedContent? _remembered;
    private int _isSaving;

    /// <summary>Whether any file was stored before, so that asking about one is not idle.</summary>
    public bool KnowsAny => !_index.Value.IsEmpty;

    /// <summary>What a file holds that is as it was when it was read last, without reading it; null where it must be
    /// read.</summary>
    /// <returns>The content, the file's state, and whether that is remembered already.</returns>
    public async ValueTask<(Blob Blob, FileState State, bool IsRemembered)?> FindUnchangedAsync(
        ExistingContent known,
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
        if (await RememberedBy(known).FindAsync(found, cancellationToken).ConfigureAwait(false) is { } remembered)
            return (new Blob(found.Content, state.Size, remembered), state, true);
        return await known.FindAsync(path, found.Content, cancellationToken).ConfigureAwait(false) is { } stored
            ? (new Blob(found.Content, state.Size, stored), state, false)
            : null;
    }

    /// <summary>Reads a file and stores what it holds, unless that is there.</summary>
    /// <returns>The content, and the file's state.</returns>
    /// <exception cref="FileChangedWhileReadingException">The file was written to meanwhile.</exception>
    public Task<(Blob Blob, FileState State)> StoreAsync(
        ExistingContent known,
        EntryPath path,
        string file,
        TransferProgress progress,
        CancellationToken cancellationToken
    ) =>
        writer.AddFileAsync(
            file,
            (digest, _) => known.FindAsync(path, digest, cancellationToken),
            () => known.AtPathAsync(path, cancellationToken),
            progress,
            cancellationToken
        );

    /// <summary>Stores what files hold that were read.</summary>
    /// <inheritdoc cref="ContentWriter.AddFilesAsync"/>
    public Task<BlobLocation[]> StoreAsync(
        ReadFiles files,
        Func<int, ValueTask<BlobLocation?>>? find,
        TransferProgress progress,
        CancellationToken cancellationToken
    ) => writer.AddFilesAsync(files, find, progress.Tally, cancellationToken);

    /// <summary>Remembers what a file holds.</summary>
    public void Remember(string file, FileState state, IStoredContent content)
    {
        // What says that it is empty and isn't doesn't say either when it changes.
        if (state.Size > 0)
            _index.Value.Add(file, state, content);
    }

    /// <summary>Saves all that is remembered, if that wasn't done for some time.</summary>
    public async ValueTask SaveNowAndThenAsync()
    {
        if (_sinceSaved.Elapsed < SaveEvery || Interlocked.Exchange(ref _isSaving, 1) == 1)
            return;
        await _index.Value.SaveAsync(keepUnseen: true).ConfigureAwait(false);
        _sinceSaved.Restart();
        Volatile.Write(ref _isSaving, 0);
    }

    /// <summary>Saves what is remembered, if anything was asked or told.</summary>
    /// <inheritdoc cref="FileIndex.SaveAsync"/>
    public async Task SaveAsync(bool keepUnseen, (FileRecord.Key Version, ICollection<Digest> Objects)? basis)
    {
        if (_index.IsValueCreated)
            await _index.Value.SaveAsync(keepUnseen, basis).ConfigureAwait(false);
    }

    private RememberedContent RememberedBy(ExistingContent known)
    {
        if (_remembered is { } made)
            return made;
        Interlocked.CompareExchange(
            ref _remembered,
            new RememberedContent(_index.Value, known, store.Objects, writer.Held),
            null
        );
        return _remembered;
    }
}
