using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace ArtifactsPS.Core.Concurrency;

/// <summary>
/// Works on items as they are added, several at once, keeping back whoever adds when it is behind. The first failure
/// ends it: it reaches whoever adds next or completes. Not for concurrent callers.
/// </summary>
internal sealed class WorkQueue<T> : IDisposable
{
    // Passing items on singly costs more than much of the work does.
    private const int ItemsAtOnce = 32;
    private const int WaitingPerWorker = 4;

    private readonly Channel<Share> _items;
    private readonly Share?[] _taken;
    private readonly CancellationTokenSource _stop;
    private readonly Task[] _workers;
    private List<T> _next = new(ItemsAtOnce);
    private Exception? _failure;

    /// <param name="work">Done for each item, on the thread pool.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public WorkQueue(Func<T, CancellationToken, Task> work, CancellationToken cancellationToken)
        : this((Share share, CancellationToken token) => DoEachAsync(share, work, token), cancellationToken) { }

    /// <param name="work">Done for some items at a time, on the thread pool. Others may take of the same.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public WorkQueue(Func<Share, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        // Two at least: while one waits for the medium, the other computes.
        var workers = Math.Max(2, Math.Min(Environment.ProcessorCount, 8));
        _items = Channel.CreateBounded<Share>(workers * WaitingPerWorker);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _taken = new Share?[workers];
        _workers = Enumerable
            .Range(0, workers)
            .Select(worker => Task.Run(() => RunAsync(worker, work), CancellationToken.None))
            .ToArray();
    }

    /// <summary>Adds an item, waiting while too many are.</summary>
    public ValueTask AddAsync(T item)
    {
        _next.Add(item);
        return _next.Count < ItemsAtOnce ? default : PassOnAsync();
    }

    /// <summary>Waits until all items are done. Nothing can be added after.</summary>
    public async Task CompleteAsync()
    {
        await PassOnAsync().ConfigureAwait(false);
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
        _ = Task.WhenAll(_workers)
            .ContinueWith(
                _ => _stop.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
    }

    private async ValueTask PassOnAsync()
    {
        var items = new Share(_next);
        _next = new List<T>(ItemsAtOnce);
        try
        {
            await _items.Writer.WriteAsync(items, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            ThrowFailure();
            throw;
        }
    }

    private async Task RunAsync(int worker, Func<Share, CancellationToken, Task> work)
    {
        try
        {
            while (await _items.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            while (_items.Reader.TryRead(out var share))
            {
                Volatile.Write(ref _taken[worker], share);
                await work(share, _stop.Token).ConfigureAwait(false);
            }
            // At the end of it all one may be left with large items: the others help.
            for (var i = 0; i < _taken.Length; i++)
                if (Volatile.Read(ref _taken[i]) is { } left)
                    await work(left, _stop.Token).ConfigureAwait(false);
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

    private static async Task DoEachAsync(
        Share share,
        Func<T, CancellationToken, Task> work,
        CancellationToken cancellationToken
    )
    {
        while (share.TryTake(out var item))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await work(item, cancellationToken).ConfigureAwait(false);
        }
    }

    private void ThrowFailure()
    {
        if (_failure is { } failure)
            ExceptionDispatchInfo.Capture(failure).Throw();
    }

    /// <summary>Some of the items.</summary>
    internal sealed class Share(List<T> items)
    {
        private int _next = -1;

        /// <summary>Takes one that nobody has taken yet.</summary>
        public bool TryTake(out T item)
        {
            var index = Interlocked.Increment(ref _next);
            item = index < items.Count ? items[index] : default!;
            return index < items.Count;
        }
    }
}
