using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace ArtifactsPS;

/// <summary>
/// Works on items as they are added, several at once, keeping back whoever adds when it is behind. The first failure
/// ends it: it reaches whoever adds next or completes.
/// </summary>
internal sealed class WorkQueue<T> : IDisposable
{
    private const int WaitingPerWorker = 64;

    private readonly Channel<T> _items;
    private readonly CancellationTokenSource _stop;
    private readonly Task[] _workers;
    private Exception? _failure;

    /// <param name="work">Done for each item, on the thread pool.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public WorkQueue(Func<T, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        // Two at least: while one waits for the medium, the other computes.
        var workers = Math.Max(2, Math.Min(Environment.ProcessorCount, 8));
        _items = Channel.CreateBounded<T>(workers * WaitingPerWorker);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _workers = new Task[workers];
        for (var i = 0; i < workers; i++)
            _workers[i] = Task.Run(() => RunAsync(work), CancellationToken.None);
    }

    /// <summary>Adds an item, waiting while too many are.</summary>
    public ValueTask AddAsync(T item) => _items.Writer.TryWrite(item) ? default : WaitAndAddAsync(item);

    /// <summary>Waits until all items are done. Nothing can be added after.</summary>
    public async Task CompleteAsync()
    {
        _items.Writer.TryComplete();
        await Task.WhenAll(_workers).ConfigureAwait(false);
        ThrowFailure();
        _stop.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Stops what isn't done.</summary>
    public void Dispose()
    {
        _items.Writer.TryComplete();
        if (!Array.TrueForAll(_workers, worker => worker.IsCompleted))
            _stop.Cancel();
        // The workers still look at the token: it is theirs to outlive, and holds nothing once they are done.
        _ = Task.WhenAll(_workers).ContinueWith(
            _ => _stop.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    private async ValueTask WaitAndAddAsync(T item)
    {
        try
        {
            await _items.Writer.WriteAsync(item, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            ThrowFailure();
            throw;
        }
    }

    private async Task RunAsync(Func<T, CancellationToken, Task> work)
    {
        try
        {
            while (await _items.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            while (_items.Reader.TryRead(out var item))
            {
                _stop.Token.ThrowIfCancellationRequested();
                await work(item, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // Being cancelled is a reason only where nothing else was.
            if (e is not OperationCanceledException || !_stop.IsCancellationRequested)
                Interlocked.CompareExchange(ref _failure, e, null);
#pragma warning disable CA1849, S6966 // CancelAsync is not there on netstandard2.0.
            _stop.Cancel();
#pragma warning restore CA1849, S6966
        }
    }

    private void ThrowFailure()
    {
        if (_failure is { } failure)
            ExceptionDispatchInfo.Capture(failure).Throw();
    }
}
