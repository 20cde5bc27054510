using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace ArtifactsPS.Core.Concurrency;

/// <summary>Runs computations on all processors.</summary>
internal static class InParallel
{
    /// <summary>Calls <paramref name="work"/> with each number below <paramref name="count"/>. Throws the first failure unwrapped.</summary>
    public static void For(int count, Action<int> work, CancellationToken cancellationToken = default)
    {
        // Starting threads for a single item costs too much.
        if (count == 1)
            work(0);
        if (count <= 1)
            return;
        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, work);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Capture(e.InnerExceptions[0]).Throw();
        }
    }

    /// <summary>Streams the results of the work of each item in the items' order. The work of several items runs at once: up to
    /// <paramref name="atOnce"/> items are read before the caller asks for them.</summary>
    /// <param name="start">Starts the work of an item. Called by one thread at a time.</param>
    public static async IAsyncEnumerable<(TItem Item, TResult Result)> SelectAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items,
        int atOnce,
        Func<TItem, Task<TResult>> start
    )
    {
        var running = new Queue<(TItem Item, Task<TResult> Work)>();
        await foreach (var item in items.ConfigureAwait(false))
        {
            running.Enqueue((item, start(item)));
            if (running.Count == atOnce)
                yield return await NextAsync().ConfigureAwait(false);
        }
        while (running.Count > 0)
            yield return await NextAsync().ConfigureAwait(false);

        async ValueTask<(TItem, TResult)> NextAsync()
        {
            var (item, work) = running.Dequeue();
            return (item, await work.ConfigureAwait(false));
        }
    }

    /// <inheritdoc cref="SelectAsync{TItem, TResult}(IAsyncEnumerable{TItem}, int, Func{TItem, Task{TResult}})"/>
    public static IAsyncEnumerable<(TItem Item, TResult Result)> SelectAsync<TItem, TResult>(
        IEnumerable<TItem> items,
        int atOnce,
        Func<TItem, Task<TResult>> start
    ) => SelectAsync(AsyncStream.Of(items), atOnce, start);

    /// <summary>Waits for the work of all items, of which a few are processed at a time: for work that waits for others, not for
    /// processors. The first failure stops the work, and is thrown.</summary>
    public static async Task ForEachAsync<T>(
        IEnumerable<T> items,
        int atOnce,
        Func<T, CancellationToken, Task> work,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = new ConcurrentQueue<T>(items);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(atOnce, queue.Count)).Select(_ => RunAsync()))
            .ConfigureAwait(false);

        async Task RunAsync()
        {
            await Task.Yield();
            try
            {
                while (queue.TryDequeue(out var item))
                {
                    stop.Token.ThrowIfCancellationRequested();
                    await work(item, stop.Token).ConfigureAwait(false);
                }
            }
            catch
            {
                stop.CancelNow();
                throw;
            }
        }
    }
}
