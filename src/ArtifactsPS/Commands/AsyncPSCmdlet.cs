using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands;

/// <summary>
/// Waits for Core's tasks on the pipeline thread, which alone may write objects, errors and progress. Stopping the
/// pipeline cancels the token that the tasks were given, and nothing else.
/// </summary>
public abstract class AsyncPSCmdlet : PSCmdlet, IDisposable
{
    private const int ProgressMilliseconds = 200;
    private const int ActivityId = 0x41525453;
    private const int WholeId = ActivityId + 1;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Stopwatch _sinceProgress = Stopwatch.StartNew();
    private ProgressMeter _meter = new();
    private ProgressRecord? _shown;
    private ProgressRecord? _whole;
    private int _itemsDone;

    /// <summary>How many items there are, where it is known before they are done; 0 where it isn't.</summary>
    private protected int ItemCount { get; set; }

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    protected CancellationToken StoppingToken => _stopping.Token;

    /// <summary>Waits for a task, showing progress and handing on what it has come to meanwhile.</summary>
    /// <param name="work">Runs on the thread pool.</param>
    /// <param name="activity">What the progress line says; null for none.</param>
    /// <param name="progress">Counted up by the task.</param>
    /// <param name="handOn">Writes what the task has come to so far; called now and then, and once it is done.</param>
    /// <param name="goesOn">Whether more of the activity follows, so that what it shows stays.</param>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    protected T Await<T>(
        Func<CancellationToken, Task<T>> work,
        string? activity = null,
        TransferProgress? progress = null,
        Action? handOn = null,
        bool goesOn = false
    )
    {
        _meter.Begin(progress);
        var task = Task.Run(() => work(StoppingToken), CancellationToken.None);
        try
        {
            while (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(ProgressMilliseconds))
            {
                handOn?.Invoke();
                ShowProgress(activity, progress);
            }
            handOn?.Invoke();
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (StoppingToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            // Nothing follows where it was stopped.
            if (!goesOn || StoppingToken.IsCancellationRequested)
                CompleteProgress();
            if (!goesOn && activity is not null)
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
        Action? handOn = null,
        bool goesOn = false
    ) =>
        Await(
            async token =>
            {
                await work(token).ConfigureAwait(false);
                return true;
            },
            activity,
            progress,
            handOn,
            goesOn
        );

    /// <summary>Hands on what a stream gives, item by item, on the pipeline thread.</summary>
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

    /// <summary>Runs a command's work for one input: what goes wrong with it is a non-terminating error about it.</summary>
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

    /// <summary>Called when the pipeline is done with the cmdlet, however it ended.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stopping.Dispose();
    }

    /// <summary>Shows progress, if it wasn't shown a moment ago.</summary>
    private protected void ShowProgress(string? activity, TransferProgress? progress)
    {
        if (activity is null || progress is null || _sinceProgress.ElapsedMilliseconds < ProgressMilliseconds)
            return;
        _sinceProgress.Restart();
        // Above the item's own line, where it isn't the only one.
        if (_itemsDone > 0 || ItemCount > 1)
        {
            var count = ItemCount > 0 ? $"{_itemsDone} of {ItemCount} done" : $"{_itemsDone} done";
            var whole = new ProgressRecord(WholeId, MyInvocation.MyCommand.Name, count)
            {
                PercentComplete = ItemCount > 0 ? 100 * Math.Min(_itemsDone, ItemCount) / ItemCount : -1,
            };
            WriteProgress(whole);
            _whole = whole;
        }
        var shown = new ProgressRecord(ActivityId, activity, " ") { ParentActivityId = _whole is null ? -1 : WholeId };
        _meter.Describe(shown, progress);
        // Where the pipeline is being stopped this throws, and what is to be completed is what was shown before.
        WriteProgress(shown);
        _shown = shown;
    }

    private void CompleteProgress()
    {
        Complete(ref _shown);
        Complete(ref _whole);
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
