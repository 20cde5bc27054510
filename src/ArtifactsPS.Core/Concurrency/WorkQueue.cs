using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace ArtifactsPS.Core.Concurrency;

/// <summary>
/// Bounded queue whose workers process items in parallel. Adding waits while the queue is full. The first failure stops
/// the queue and is thrown by the next call that adds or completes. Not for concurrent callers.
/// </summary>
internal sealed class WorkQueue<T> : IDisposable
{
    // Queueing single items would often cost more than processing them.
    private const int DefaultItemsAtOnce = 32;
    private const int WaitingPerWorker = 4;

    private readonly Channel<Share> _items;
    private readonly Share?[] _current;
    private readonly CancellationTokenSource _stop;
    private readonly Task[] _workers;
    private readonly int _itemsAtOnce;
    private List<T> _next;
    private Exception? _failure;

    /// <summary>Starts workers that process item by item.</summary>
    /// <param name="itemsAtOnce">Number of items that are queued at once; 1 for items that take much memory.</param>
    /// <param name="workers">Number of workers; null for the number that processors can keep busy.</param>
    public WorkQueue(
        Func<T, CancellationToken, Task> work,
        CancellationToken cancellationToken,
        int itemsAtOnce = DefaultItemsAtOnce,
        int? workers = null
    )
        : this(
            (Share share, CancellationToken token) => DoEachAsync(share, work, token),
            cancellationToken,
            itemsAtOnce,
            workers
        ) { }

    /// <summary>Starts workers that process shares of items. Several workers may take items from one share.</summary>
    public WorkQueue(
        Func<Share, CancellationToken, Task> work,
        CancellationToken cancellationToken,
        int itemsAtOnce = DefaultItemsAtOnce,
        int? workers = null
    )
    {
        _itemsAtOnce = itemsAtOnce;
        _next = new List<T>(itemsAtOnce);
        // At least two: one can compute while the other waits for I/O.
        var count = workers ?? Math.Max(2, Math.Min(Environment.ProcessorCount, 8));
        _items = Channel.CreateBounded<Share>(count * WaitingPerWorker);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _current = new Share?[count];
        _workers = Enumerable
            .Range(0, count)
            .Select(worker => Task.Run(() => RunAsync(worker, work), CancellationToken.None))
            .ToArray();
    }

    /// <summary>Adds an item. Waits while the queue is full.</summary>
    public ValueTask AddAsync(T item)
    {
        _next.Add(item);
        return _next.Count < _itemsAtOnce ? default : EnqueueShareAsync();
    }

    /// <summary>Waits until all items are processed. No items can be added afterwards.</summary>
    public async Task CompleteAsync()
    {
        await EnqueueShareAsync().ConfigureAwait(false);
        _items.Writer.TryComplete();
        await Task.WhenAll(_workers).ConfigureAwait(false);
        ThrowFailure();
        _stop.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Stops processing the remaining items.</summary>
    public void Dispose()
    {
        _items.Writer.TryComplete();
        if (!Array.TrueForAll(_workers, worker => worker.IsCompleted))
            _stop.Cancel();
        // Workers still use the token source, so it is disposed after the last one has ended.
        _ = Task.WhenAll(_workers)
            .ContinueWith(
                _ => _stop.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
    }

    private async ValueTask EnqueueShareAsync()
    {
        var items = new Share(_next);
        _next = new List<T>(_itemsAtOnce);
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
                Volatile.Write(ref _current[worker], share);
                await work(share, _stop.Token).ConfigureAwait(false);
            }
            // One worker may still have large items in its share: the others help.
            for (var i = 0; i < _current.Length; i++)
                if (Volatile.Read(ref _current[i]) is { } left)
                    await work(left, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Cancellation by the queue itself is no failure.
            if (e is not OperationCanceledException || !_stop.IsCancellationRequested)
                Interlocked.CompareExchange(ref _failure, e, null);
            _stop.CancelNow();
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

    /// <summary>Part of the items, taken one by one by any worker.</summary>
    internal sealed class Share(List<T> items)
    {
        private int _next = -1;

        /// <summary>Takes the next item; false if none is left.</summary>
        public bool TryTake(out T item)
        {
            var index = Interlocked.Increment(ref _next);
            item = index < items.Count ? items[index] : default!;
            return index < items.Count;
        }
    }
}
