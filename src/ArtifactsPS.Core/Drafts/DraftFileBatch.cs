using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Adds files to a draft, and stores small ones several at a time. Not safe for concurrent callers, but a draft may
/// have several batches.</summary>
internal sealed class DraftFileBatch : IDisposable
{
    private readonly ArtifactDraft _draft;
    private readonly DraftFiles _files;
    private readonly ExistingContent _existing;
    private readonly bool _replace;
    private readonly TransferProgress _progress;
    private readonly ReadFiles _read = new();
    private readonly List<FileToAdd> _waiting = [];

    /// <param name="draft">The draft.</param>
    /// <param name="files">Files of the draft.</param>
    /// <param name="existing">Content of earlier versions.</param>
    /// <param name="replace">Whether a file may replace an entry that was added before with other content.</param>
    /// <param name="progress">Counts files and bytes.</param>
    public DraftFileBatch(
        ArtifactDraft draft,
        DraftFiles files,
        ExistingContent existing,
        bool replace,
        TransferProgress progress
    )
    {
        _draft = draft;
        _files = files;
        _existing = existing;
        _replace = replace;
        _progress = progress;
    }

    /// <summary>Receives files whose paths were added before with other content. Null: the exception is thrown.</summary>
    public Func<FileToAdd, ArtifactEntryConflictException, ValueTask>? OnConflict { get; init; }

    /// <summary>Adds a file, at the latest at the next <see cref="FlushAsync"/>.</summary>
    /// <exception cref="FileChangedWhileReadingException">The file changed while it was being read.</exception>
    public ValueTask AddAsync(FileToAdd file, CancellationToken cancellationToken) =>
        // The fast path of most files in a first version: nothing in it is asynchronous.
        !_read.IsFull && !_files.KnowsAny && TryRead(file)
            ? default
            : AddAnyAsync(file, cancellationToken);

    /// <summary>Adds the files that were read and not yet added.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Count == 0)
            return;
        var locations = await _files
            .StoreAsync(_read, _existing.Versions.Count > 0 ? FindAsync : null, _progress, cancellationToken)
            .ConfigureAwait(false);
        for (var i = 0; i < locations.Length; i++)
        {
            var (digest, state, bytes) = _read[i];
            var blob = new Blob(digest, bytes.Length, locations[i]);
            await AddStoredAsync(_waiting[i], blob, state, isIndexed: false, cancellationToken).ConfigureAwait(false);
        }
        _read.Clear();
        _waiting.Clear();
        await _files.SavePeriodicallyAsync().ConfigureAwait(false);

        ValueTask<BlobLocation?> FindAsync(int index) =>
            _existing.FindAsync(_waiting[index].Path, _read[index].Digest, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _read.Dispose();

    private bool TryRead(FileToAdd file)
    {
        if (!_read.TryRead(file.File))
            return false;
        _waiting.Add(file);
        _progress.AddBytes(_read[_read.Count - 1].Bytes.Length);
        return true;
    }

    private async ValueTask AddAnyAsync(FileToAdd file, CancellationToken cancellationToken)
    {
        if (_read.IsFull)
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        if (
            _files.KnowsAny
            && await _files.FindUnchangedAsync(_existing, file.Path, file.File, cancellationToken).ConfigureAwait(false)
                is var (blob, state, isIndexed)
        )
        {
            _progress.AddUnread(state.Size);
            await AddStoredAsync(file, blob, state, isIndexed, cancellationToken).ConfigureAwait(false);
        }
        else if (!TryRead(file))
        {
            (blob, state) = await _files
                .StoreAsync(_existing, file.Path, file.File, _progress, cancellationToken)
                .ConfigureAwait(false);
            await AddStoredAsync(file, blob, state, isIndexed: false, cancellationToken).ConfigureAwait(false);
            await _files.SavePeriodicallyAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask AddStoredAsync(
        FileToAdd file,
        Blob blob,
        FileState state,
        bool isIndexed,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var entry = await _draft
                .AddFileAsync(file.Path, blob, state, _replace, cancellationToken)
                .ConfigureAwait(false);
            if (!isIndexed)
                _files.Remember(file.File, state, entry);
            _draft.Failures.Clear(new AdditionSource(AdditionKind.File, file.File));
            _progress.AddFile();
        }
        catch (ArtifactEntryConflictException e) when (OnConflict is not null)
        {
            await OnConflict(file, e).ConfigureAwait(false);
        }
    }
}

/// <summary>A file to add to a draft.</summary>
/// <param name="Path">Path of the entry.</param>
/// <param name="File">Full path of the file; links are followed.</param>
/// <param name="Item">The item given by the user, for reporting a failure.</param>
internal sealed record FileToAdd(EntryPath Path, string File, object Item);
