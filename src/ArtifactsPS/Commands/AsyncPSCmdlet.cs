using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands;

/// <summary>
/// Base of cmdlets that run asynchronous work. Work runs on the thread pool; only the pipeline thread writes objects,
/// errors and progress. Stopping the pipeline cancels <see cref="StoppingToken"/>.
/// </summary>
public abstract class AsyncPSCmdlet : PSCmdlet, IDisposable
{
    private const int ProgressMilliseconds = 200;
    private const int ActivityId = 0x41525453;
    private const int TotalId = ActivityId + 1;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Stopwatch _sinceProgress = Stopwatch.StartNew();
    private ProgressMeter _meter = new();
    private ProgressRecord? _shown;
    private ProgressRecord? _total;
    private int _itemsDone;

    /// <summary>Number of items to process; 0 if unknown.</summary>
    private protected int ItemCount { get; set; }

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    protected CancellationToken StoppingToken => _stopping.Token;

    /// <summary>Runs work on the thread pool and waits for it, showing progress and writing results meanwhile.</summary>
    /// <param name="activity">Text of the progress line; null for no progress.</param>
    /// <param name="progress">Counters that the work updates; null for no progress.</param>
    /// <param name="onTick">Writes results so far. Called on the pipeline thread, several times a second and once after
    /// the work has ended.</param>
    /// <param name="keepProgress">Whether the progress line stays, because more work of this activity follows.</param>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    protected T Await<T>(
        Func<CancellationToken, Task<T>> work,
        string? activity = null,
        TransferProgress? progress = null,
        Action? onTick = null,
        bool keepProgress = false
    )
    {
        _meter.Begin(progress);
        var task = Task.Run(() => work(StoppingToken), CancellationToken.None);
        try
        {
            while (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(ProgressMilliseconds))
            {
                onTick?.Invoke();
                ShowProgress(activity, progress);
            }
            onTick?.Invoke();
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (StoppingToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            // A stopped pipeline does no more work.
            if (!keepProgress || StoppingToken.IsCancellationRequested)
                CompleteProgress();
            if (!keepProgress && activity is not null)
            {
                _itemsDone++;
                _meter = new ProgressMeter();
            }
        }
    }

    /// <inheritdoc cref="Await{T}(Func{CancellationToken, Task{T}}, string?, TransferProgress?, Action?, bool)"/>
    protected void Await(
        Func<CancellationToken, Task> work,
        string? activity = null,
        TransferProgress? progress = null,
        Action? onTick = null,
        bool keepProgress = false
    ) =>
        Await(
            async token =>
            {
                await work(token).ConfigureAwait(false);
                return true;
            },
            activity,
            progress,
            onTick,
            keepProgress
        );

    /// <summary>Enumerates an asynchronous stream on the pipeline thread.</summary>
    protected IEnumerable<T> Stream<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> source,
        string? activity = null,
        TransferProgress? progress = null
    )
    {
        var enumerator = source(StoppingToken).GetAsyncEnumerator(StoppingToken);
        try
        {
            while (true)
            {
                var next = enumerator.MoveNextAsync();
                var more = next.IsCompletedSuccessfully ? next.Result : Await(_ => next.AsTask(), activity, progress);
                if (!more)
                    yield break;
                yield return enumerator.Current;
            }
        }
        finally
        {
            enumerator.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Runs the work for one input. A failure becomes a non-terminating error about that input.</summary>
    protected void ForItem(object? item, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            WriteError(ErrorRecords.From(e, item));
        }
    }

    /// <summary>Writes failures of single items as non-terminating errors.</summary>
    protected void WriteFailures(ConcurrentQueue<ItemFailure> failures)
    {
        while (failures.TryDequeue(out var failure))
            WriteError(ErrorRecords.From(failure.Exception, failure.Item));
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Called when the pipeline has ended, also after an error or a stop.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stopping.Dispose();
    }

    /// <summary>Shows progress, at most once per 200 ms.</summary>
    private protected void ShowProgress(string? activity, TransferProgress? progress)
    {
        if (activity is null || progress is null || _sinceProgress.ElapsedMilliseconds < ProgressMilliseconds)
            return;
        _sinceProgress.Restart();
        // With several items, a line for all of them is shown above the line of the current item.
        if (_itemsDone > 0 || ItemCount > 1)
        {
            var count = ItemCount > 0 ? $"{_itemsDone} of {ItemCount} done" : $"{_itemsDone} done";
            var total = new ProgressRecord(TotalId, MyInvocation.MyCommand.Name, count)
            {
                PercentComplete = ItemCount > 0 ? 100 * Math.Min(_itemsDone, ItemCount) / ItemCount : -1,
            };
            WriteProgress(total);
            _total = total;
        }
        var shown = new ProgressRecord(ActivityId, activity, " ") { ParentActivityId = _total is null ? -1 : TotalId };
        _meter.Describe(shown, progress);
        // Throws if the pipeline is being stopped; only records that were shown must be completed.
        WriteProgress(shown);
        _shown = shown;
    }

    private void CompleteProgress()
    {
        Complete(ref _shown);
        Complete(ref _total);
    }

    private void Complete(ref ProgressRecord? record)
    {
        if (record is null)
            return;
        record.RecordType = ProgressRecordType.Completed;
        WriteProgress(record);
        record = null;
    }
}
