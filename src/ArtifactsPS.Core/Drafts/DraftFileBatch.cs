using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Adds files to a draft, of which small ones are stored several at a time. Not for concurrent callers; a draft may
/// have several of these.</summary>
internal sealed class DraftFileBatch : IDisposable
{
    private readonly ArtifactDraft _draft;
    private readonly DraftFiles _files;
    private readonly ExistingContent _known;
    private readonly bool _replace;
    private readonly TransferProgress _progress;
    private readonly ReadFiles _read = new();
    private readonly List<FileToAdd> _waiting = [];

    /// <param name="draft">The draft.</param>
    /// <param name="files">The draft's files.</param>
    /// <param name="known">What earlier versions have.</param>
    /// <param name="replace">Whether a path may have been added before with other content.</param>
    /// <param name="progress">Counts files and bytes.</param>
    public DraftFileBatch(
        ArtifactDraft draft,
        DraftFiles files,
        ExistingContent known,
        bool replace,
        TransferProgress progress
    )
    {
        _draft = draft;
        _files = files;
        _known = known;
        _replace = replace;
        _progress = progress;
    }

    /// <summary>Told of files that can't be added, since their paths were added before with other content, instead of an
    /// exception being thrown.</summary>
    public Action<FileToAdd, ArtifactEntryConflictException>? OnConflict { get; init; }

    /// <summary>Adds a file, at the latest with <see cref="FlushAsync"/>.</summary>
    /// <exception cref="FileChangedWhileReadingException">The file was written to meanwhile.</exception>
    public ValueTask AddAsync(FileToAdd file, CancellationToken cancellationToken) =>
        // The short way is that of most files of a first version: nothing in it could have to wait.
        !_read.IsFull && !_files.KnowsAny && TryRead(file)
            ? default
            : AddAnyAsync(file, cancellationToken);

    /// <summary>Adds the files that wait for it.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Count == 0)
            return;
        var locations = await _files
            .StoreAsync(_read, _known.Versions.Count > 0 ? FindAsync : null, _progress, cancellationToken)
            .ConfigureAwait(false);
        for (var i = 0; i < locations.Length; i++)
        {
            var (digest, state, bytes) = _read[i];
            var blob = new Blob(digest, bytes.Length, locations[i]);
            await AddStoredAsync(_waiting[i], blob, state, isRemembered: false, cancellationToken)
                .ConfigureAwait(false);
        }
        _read.Clear();
        _waiting.Clear();
        await _files.SaveNowAndThenAsync().ConfigureAwait(false);

        ValueTask<BlobLocation?> FindAsync(int index) =>
            _known.FindAsync(_waiting[index].Path, _read[index].Digest, cancellationToken);
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
            && await _files.FindUnchangedAsync(_known, file.Path, file.File, cancellationToken).ConfigureAwait(false)
                is var (blob, state, isRemembered)
        )
        {
            _progress.AddUnread(state.Size);
            await AddStoredAsync(file, blob, state, isRemembered, cancellationToken).ConfigureAwait(false);
        }
        else if (!TryRead(file))
        {
            (blob, state) = await _files
                .StoreAsync(_known, file.Path, file.File, _progress, cancellationToken)
                .ConfigureAwait(false);
            await AddStoredAsync(file, blob, state, isRemembered: false, cancellationToken).ConfigureAwait(false);
            await _files.SaveNowAndThenAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask AddStoredAsync(
        FileToAdd file,
        Blob blob,
        FileState state,
        bool isRemembered,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var entry = await _draft
                .AddFileAsync(file.Path, blob, state, _replace, cancellationToken)
                .ConfigureAwait(false);
            if (!isRemembered)
                _files.Remember(file.File, state, entry);
            _progress.AddFile();
        }
        catch (ArtifactEntryConflictException e) when (OnConflict is not null)
        {
            OnConflict(file, e);
        }
    }
}

/// <summary>A file that is to be added.</summary>
/// <param name="Path">The entry's path.</param>
/// <param name="File">The file's full path; links are followed.</param>
/// <param name="Item">What the user gave, to tell of a failure.</param>
internal sealed record FileToAdd(EntryPath Path, string File, object Item);
