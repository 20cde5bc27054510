using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Adds files to a draft, several at once. A file that can't be added is reported and remembered by the draft, and the
/// others are still added.</summary>
public sealed class FileAdder : IDisposable
{
    private readonly List<(AdditionSource Source, long Order)> _begun = [];
    private readonly WorkQueue<FileToAdd> _queue;
    private readonly ArtifactDraft _draft;
    private readonly bool _replace;
    private readonly RememberedFailures _failures;
    private readonly TransferProgress _progress;
    private readonly CancellationToken _cancellationToken;
    private FolderTotal? _total;
    private long _filesBegun;
    private string? _checkedFolder;

    /// <param name="replace">Whether a file may replace an entry that was added before with other content.</param>
    /// <param name="failures">Receives files that can't be added, and the reasons.</param>
    /// <param name="progress">Counts files and bytes.</param>
    public FileAdder(
        ArtifactDraft draft,
        bool replace,
        IResultSink<ItemFailure> failures,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        draft.CheckUnspent();
        _draft = draft;
        _replace = replace;
        _failures = new RememberedFailures(draft.Failures, failures);
        _progress = progress;
        _cancellationToken = cancellationToken;
        _filesBegun = progress.Files;
        _queue = new WorkQueue<FileToAdd>(AddAsync, cancellationToken);
    }

    /// <summary>Whether to count a folder that takes long to add, for a total of the progress. Counting a million files takes
    /// seconds of processor time.</summary>
    public bool CountsFolders { get; init; } = true;

    /// <summary>Recognizes stores, whose files are refused; null to add them like other files. Folders have a recognizer in their
    /// scanner.</summary>
    public StoreFolders? Stores { get; init; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Adds a file. Returns before the file is read.</summary>
    /// <param name="path">Path of the entry.</param>
    /// <param name="file">Full path of the file.</param>
    /// <param name="item">The item given by the user, for reporting a failure.</param>
    /// <exception cref="FolderIsStoreException">The file is in a store.</exception>
    public ValueTask AddAsync(EntryPath path, string file, object item)
    {
        CheckIsInNoStore(file);
        // The first file stands for all, so that the same files are recognized when they are added again.
        if (_begun.Count == 0)
            Begin(file, item);
        _total?.Add(file);
        return EnqueueAsync(new FileToAdd(path, file, item));
    }

    /// <summary>Adds the files of a folder. If that takes long, the progress gets a total.</summary>
    /// <param name="scanner">Scanner of the folder.</param>
    /// <param name="prefix">Start of the entries' paths: empty, or ending in <c>/</c>.</param>
    /// <param name="item">The item given by the user, for reporting an interruption; null for the folder's path.</param>
    public async Task AddAsync(FolderScanner scanner, string prefix, object? item = null)
    {
        Begin(scanner.Root, item ?? scanner.Root);
        _total?.Dispose();
        _total = CountsFolders ? new FolderTotal(scanner, _progress, _filesBegun, Time, _cancellationToken) : null;
        await foreach (var (relative, file) in scanner.ScanAsync(_failures).ConfigureAwait(false))
        {
            try
            {
                var path = EntryPath.Parse(prefix + relative);
                await EnqueueAsync(new FileToAdd(path, file, file)).ConfigureAwait(false);
            }
            catch (InvalidEntryPathException e)
            {
                var failure = LinuxFileName.HasEscape(relative) ? FileNameNotUtf8Exception.Of(file) : (Exception)e;
                await _failures.AddAsync(new ItemFailure(file, failure)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits until all files are added.</summary>
    /// <exception cref="StoreUnavailableException">The store failed.</exception>
    public async Task CompleteAsync()
    {
        await _queue.CompleteAsync().ConfigureAwait(false);
        _total?.Dispose();
        foreach (var (source, order) in _begun)
            _draft.Failures.End(source, order);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _total?.Dispose();
        _queue.Dispose();
    }

    // Files of a folder mostly come one after another.
    private void CheckIsInNoStore(string file)
    {
        var folder = Path.GetDirectoryName(file);
        if (Stores is null || folder is null || folder == _checkedFolder)
            return;
        if (Directory.Exists(folder) && Stores.Around(folder) is { } store)
            throw new FolderIsStoreException(file, store);
        _checkedFolder = folder;
    }

    private ValueTask EnqueueAsync(FileToAdd file)
    {
        _filesBegun++;
        return _queue.AddAsync(file);
    }

    private async Task AddAsync(WorkQueue<FileToAdd>.Share share, CancellationToken cancellationToken)
    {
        using var batch = await _draft
            .BeginBatchAsync(_replace, _progress, FailAsync, cancellationToken)
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
                await FailAsync(file, e).ConfigureAwait(false);
            }
        }
        await batch.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Begin(string path, object item)
    {
        var source = new AdditionSource(AdditionKind.File, path);
        _begun.Add((source, _draft.Failures.Begin(source, item)));
    }

    private ValueTask FailAsync(FileToAdd file, Exception e) =>
        _failures.AddAsync(file.File, new ItemFailure(file.Item, e));

    /// <summary>Failures that the draft remembers. The item of each is a path.</summary>
    private sealed class RememberedFailures(FailedAdditions remembered, IResultSink<ItemFailure> failures)
        : IResultSink<ItemFailure>
    {
        public ValueTask AddAsync(ItemFailure failure) => AddAsync((string)failure.Item, failure);

        public ValueTask AddAsync(string path, ItemFailure failure)
        {
            remembered.Add(new AdditionSource(AdditionKind.File, path), failure);
            return failures.AddAsync(failure);
        }
    }
}
