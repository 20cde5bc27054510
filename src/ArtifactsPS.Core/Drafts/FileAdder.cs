using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Adds files to a draft, several at once. A file that can't be added is reported, and the others are still added.</summary>
public sealed class FileAdder : IDisposable
{
    private readonly WorkQueue<FileToAdd> _queue;
    private readonly ArtifactDraft _draft;
    private readonly bool _replace;
    private readonly TransferProgress _progress;

    /// <param name="replace">Whether a file may replace an entry that was added before with other content.</param>
    /// <param name="progress">Counts files and bytes.</param>
    public FileAdder(ArtifactDraft draft, bool replace, TransferProgress progress, CancellationToken cancellationToken)
    {
        draft.CheckUnspent();
        _draft = draft;
        _replace = replace;
        _progress = progress;
        _queue = new WorkQueue<FileToAdd>(AddAsync, cancellationToken);
    }

    /// <summary>Files that could not be added, and the reasons.</summary>
    public ConcurrentQueue<ItemFailure> Failures { get; } = new();

    /// <summary>Adds a file. Returns before the file is read.</summary>
    /// <param name="path">Path of the entry.</param>
    /// <param name="file">Full path of the file.</param>
    /// <param name="item">The item given by the user, for reporting a failure.</param>
    public ValueTask AddAsync(EntryPath path, string file, object item) =>
        _queue.AddAsync(new FileToAdd(path, file, item));

    /// <summary>Adds the files of a folder.</summary>
    /// <param name="scanner">Scanner of the folder.</param>
    /// <param name="prefix">Start of the entries' paths: empty, or ending in <c>/</c>.</param>
    public async Task AddAsync(FolderScanner scanner, string prefix)
    {
        foreach (var (relative, file) in scanner.Scan(Failures))
        {
            try
            {
                await AddAsync(EntryPath.Parse(prefix + relative), file, file).ConfigureAwait(false);
            }
            catch (InvalidEntryPathException e)
            {
                Failures.Enqueue(new ItemFailure(file, e));
            }
        }
    }

    /// <summary>Waits until all files are added.</summary>
    /// <exception cref="StoreUnavailableException">The store failed.</exception>
    public Task CompleteAsync() => _queue.CompleteAsync();

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private async Task AddAsync(WorkQueue<FileToAdd>.Share share, CancellationToken cancellationToken)
    {
        using var batch = await _draft
            .BeginBatchAsync(_replace, _progress, Fail, cancellationToken)
            .ConfigureAwait(false);
        while (share.TryTake(out var file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await batch.AddAsync(file, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
                when (e is IOException or UnauthorizedAccessException or FileChangedWhileReadingException)
            {
                Fail(file, e);
            }
        }
        await batch.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Fail(FileToAdd file, Exception e) => Failures.Enqueue(new ItemFailure(file.Item, e));
}
