using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>
/// Counts the files and bytes of a folder that takes long to add, so that its progress has a total and a remaining time. Folders
/// that are added faster are scanned only once.
/// </summary>
internal sealed class FolderTotal : IDisposable
{
    /// <summary>Time after which a folder is counted.</summary>
    public static readonly TimeSpan CountsAfter = TimeSpan.FromSeconds(2);

    private readonly object _lock = new();
    private readonly CancellationTokenSource _ended;
    private readonly TransferProgress _progress;
    private long _files;
    private long _bytes;
    private bool _isCounted;
    private bool _isEnded;

    /// <param name="scanner">Scanner of the folder, whose reports the count doesn't call.</param>
    /// <param name="progress">Receives the total. Its total is unknown until the folder is counted.</param>
    /// <param name="files">Number of files that were begun before, including those of which <paramref name="progress"/> knows.</param>
    public FolderTotal(
        FolderScanner scanner,
        TransferProgress progress,
        long files,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        (_progress, _files, _bytes) = (progress, files, progress.Bytes);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        progress.SetTotal(0, 0);
        Counting = CountAsync(scanner, time, _ended.Token);
    }

    /// <summary>Ends when the folder is counted, or the count is given up.</summary>
    public Task Counting { get; }

    /// <summary>Adds a file that doesn't belong to the folder.</summary>
    public void Add(string file)
    {
        var size = SizeOf(file);
        lock (_lock)
        {
            _files++;
            _bytes += size;
            if (_isCounted)
                _progress.Expect(1, size);
        }
    }

    /// <summary>Gives up the count.</summary>
    public void Dispose()
    {
        if (_isEnded)
            return;
        _isEnded = true;
        lock (_lock)
            _ended.Cancel();
        _ = Counting.ContinueWith(
            _ => _ended.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    private async Task CountAsync(FolderScanner scanner, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await Delay.ForAsync(CountsAfter, time, cancellationToken).ConfigureAwait(false);
            await Task.Run(() => Count(scanner.WithoutReports(cancellationToken), cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is OperationCanceledException or ArtifactsException or IOException or UnauthorizedAccessException)
        {
            // There is no total. Adding the folder reports the error.
        }
    }

    private void Count(FolderScanner scanner, CancellationToken cancellationToken)
    {
        var (files, bytes) = (0L, 0L);
        foreach (var (_, file) in scanner.Scan(new ConcurrentQueue<ItemFailure>()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            files++;
            bytes += SizeOf(file);
        }
        lock (_lock)
        {
            if (cancellationToken.IsCancellationRequested)
                return;
            _isCounted = true;
            _progress.SetTotal(_files + files, _bytes + bytes);
        }
    }

    // 0 for a file that can't be read. Adding the file reports it.
    private static long SizeOf(string file)
    {
        try
        {
            return FileState.Of(file).Size;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
