using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Threading.Channels;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands;

/// <summary>
/// Base of cmdlets that run asynchronous work. Work runs on the thread pool; only the pipeline thread writes objects,
/// errors and progress. Stopping the pipeline cancels <see cref="StoppingToken"/>.
/// </summary>
public abstract class AsyncPSCmdlet : PSCmdlet, IDisposable
{
    private const int ProgressMilliseconds = 200;
    private const int WaitMilliseconds = 500;
    private const int EndMilliseconds = 1000;
    private const int ActivityId = 0x41525453;
    private const int TotalId = ActivityId + 1;

    // Shorter waits aren't shown.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly PipelineQueue _queue;
    private readonly Stopwatch _sinceProgress = Stopwatch.StartNew();
    private ProgressMeter _meter = new();
    private ProgressRecord? _shown;
    private ProgressRecord? _total;
    private int _itemsDone;
    private bool _showsWait;
    private bool _isDisposed;

    protected AsyncPSCmdlet() => _queue = new PipelineQueue(_stopping.Token);

    /// <summary>Number of items to process; 0 if unknown.</summary>
    private protected int ItemCount { get; set; }

    /// <summary>Services of references that the command reads from; null for none.</summary>
    private protected ReferenceSources? References { get; private set; }

    /// <summary>Opens the services of references, once for the command.</summary>
    /// <param name="allowedHosts">Patterns of hosts; null for those of the environment.</param>
    /// <param name="store">Location of the store in use.</param>
    private protected ReferenceSources OpenReferences(string[]? allowedHosts, string store, TimeSpan? timeLimit) =>
        References ??= ReferenceSources.OfUser(allowedHosts, store, timeLimit, CreateHandlers());

    /// <summary>Outputs a version.</summary>
    private protected void WriteVersion(PublishedVersion version) =>
        WriteObject(ToOutput(version, new LinkSearch(version.Store)));

    /// <summary>Creates the output object of a version.</summary>
    /// <param name="links">Finds its links and its source.</param>
    private protected ArtifactVersion ToOutput(PublishedVersion version, LinkSearch links) =>
        ArtifactVersion.Of(version, links, read => Await(read));

    /// <summary>Creates the sources of the handlers that this session has registered for schemes of references. Their script blocks run
    /// on the pipeline thread during <see cref="Await{T}(Func{CancellationToken, Task{T}}, string?, TransferProgress?, bool)"/>.</summary>
    private protected ReferenceHandlers CreateHandlers() => SessionHandlers.Current.SourcesFor(_queue);

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    protected CancellationToken StoppingToken => _stopping.Token;

    /// <summary>Runs work on the thread pool and waits for it. Meanwhile, writes what it adds to sinks, and shows progress.</summary>
    /// <param name="activity">Text of the progress line; null for no progress.</param>
    /// <param name="progress">Counters that the work updates; null for no progress.</param>
    /// <param name="keepProgress">Whether the progress line stays, because more work of this activity follows.</param>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    protected T Await<T>(
        Func<CancellationToken, Task<T>> work,
        string? activity = null,
        TransferProgress? progress = null,
        bool keepProgress = false
    )
    {
        _meter.Begin(progress);
        return AwaitEnd(Task.Run(() => work(StoppingToken), CancellationToken.None), activity, progress, keepProgress);
    }

    private T AwaitEnd<T>(Task<T> task, string? activity, TransferProgress? progress, bool keepProgress)
    {
        try
        {
            // Without progress of its own, a command still shows that it waits for a service.
            var milliseconds = activity is null || progress is null ? WaitMilliseconds : ProgressMilliseconds;
            _queue.DrainUntil(
                task,
                milliseconds,
                () =>
                {
                    if (!ShowWait(activity))
                        ShowProgress(activity, progress);
                }
            );
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (StoppingToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            Leave(task);
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

    /// <inheritdoc cref="Await{T}(Func{CancellationToken, Task{T}}, string?, TransferProgress?, bool)"/>
    protected void Await(
        Func<CancellationToken, Task> work,
        string? activity = null,
        TransferProgress? progress = null,
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
            keepProgress
        );

    /// <summary>Creates a sink for results of background work. The pipeline thread writes them during
    /// <see cref="Await{T}"/>, in the order in which they were added. Adding waits while the pipeline is behind.</summary>
    protected internal IResultSink<T> Sink<T>(Action<T> write) => _queue.Sink(write);

    /// <summary>Enumerates an asynchronous stream on the pipeline thread. It is read ahead by a bounded number of items.</summary>
    protected IEnumerable<T> Stream<T>(Func<CancellationToken, IAsyncEnumerable<T>> source)
    {
        var items = Channel.CreateBounded<T>(
            new BoundedChannelOptions(PipelineQueue.Length) { SingleReader = true, SingleWriter = true }
        );
        using var left = CancellationTokenSource.CreateLinkedTokenSource(StoppingToken);
        var token = left.Token;
        var reading = Task.Run(ReadAsync, CancellationToken.None);
        try
        {
            do
            {
                while (items.Reader.TryRead(out var item))
                    yield return item;
            } while (AwaitEnd(items.Reader.WaitToReadAsync(token).AsTask(), null, null, keepProgress: true));
        }
        finally
        {
            left.Cancel();
            Abandon(reading);
        }

        async Task ReadAsync()
        {
            try
            {
                await foreach (var item in source(token).WithCancellation(token).ConfigureAwait(false))
                    await items.Writer.WriteAsync(item, token).ConfigureAwait(false);
                items.Writer.Complete();
            }
            catch (Exception e)
            {
                items.Writer.Complete(e);
            }
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

    /// <summary>Writes the failure of a single item as a non-terminating error.</summary>
    protected void WriteFailure(ItemFailure failure) => WriteError(ErrorRecords.From(failure.Exception, failure.Item));

    /// <summary>Writes a warning without characters that control a terminal.</summary>
    protected internal new void WriteWarning(string text) => base.WriteWarning(DisplayText.Of(text));

    /// <summary>Writes a verbose text without characters that control a terminal.</summary>
    protected internal new void WriteVerbose(string text) => base.WriteVerbose(DisplayText.Of(text));

    /// <summary>Asks for confirmation, without characters that control a terminal.</summary>
    /// <exception cref="ConfirmationUnavailableException">The host can't ask.</exception>
    protected new bool ShouldProcess(string target, string action) =>
        Ask($"{action} {target}?", () => base.ShouldProcess(DisplayText.Of(target), DisplayText.Of(action)));

    /// <summary>Asks for confirmation with a text of the command.</summary>
    /// <exception cref="ConfirmationUnavailableException">The host can't ask.</exception>
    protected new bool ShouldProcess(string description, string question, string caption) =>
        Ask(question, () => base.ShouldProcess(DisplayText.Of(description), DisplayText.Of(question), caption));

    /// <summary>Asks for confirmation with a text of the command, and returns why the answer is no.</summary>
    /// <exception cref="ConfirmationUnavailableException">The host can't ask.</exception>
    protected new bool ShouldProcess(
        string description,
        string question,
        string? caption,
        out ShouldProcessReason reason
    )
    {
        var given = ShouldProcessReason.None;
        var answer = Ask(
            question,
            () => base.ShouldProcess(DisplayText.Of(description), DisplayText.Of(question), caption, out given)
        );
        reason = given;
        return answer;
    }

    /// <summary>Whether the command only shows what it would do.</summary>
    private protected bool IsWhatIf => LanguagePrimitives.IsTrue(ChoiceOf("WhatIf", "WhatIfPreference"));

    /// <summary>Outputs a file as Get-Item does, so that it is displayed in the same view.</summary>
    private protected void WriteFile(string path)
    {
        foreach (var item in InvokeProvider.Item.Get([path], force: true, literalPath: true))
            WriteObject(item);
    }

    /// <summary>Writes the results that background work has added so far.</summary>
    private protected void WriteResults() => _queue.Drain();

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
        if (!disposing || _isDisposed)
            return;
        _isDisposed = true;
        // Ends background work that an error has left.
        _stopping.Cancel();
        _stopping.Dispose();
    }

    // Value of a common parameter, or of the variable that it overrides.
    private object? ChoiceOf(string parameter, string variable) =>
        MyInvocation.BoundParameters.TryGetValue(parameter, out var given) ? given : GetVariableValue(variable);

    // The console host fails with NullReferenceException if its input is closed.
    private static bool Ask(string question, Func<bool> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception e)
            when (e is NullReferenceException or InvalidOperationException or NotImplementedException or HostException)
        {
            throw new ConfirmationUnavailableException(question, e);
        }
    }

    /// <summary>Whether anyone can see progress. Work that only improves it is left out otherwise.</summary>
    private protected bool IsProgressVisible
    {
        get
        {
            var isHidden =
                LanguagePrimitives.TryConvertTo<ActionPreference>(
                    ChoiceOf("ProgressAction", "ProgressPreference"),
                    CultureInfo.InvariantCulture,
                    out var preference
                ) && preference is (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
            // The console host shows none if its output is redirected. Others may show it elsewhere.
            return !isHidden && !(Host.Name == "ConsoleHost" && Console.IsOutputRedirected);
        }
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

    // Ends work after a stop, or after an error of a consumer further down the pipeline.
    private void Leave(Task task)
    {
        if (task.IsCompleted)
            return;
        _stopping.Cancel();
        Abandon(task);
    }

    // Cancelled work ends by itself within milliseconds, and leaves nothing partial. A system call that hangs, such as one
    // to a share that doesn't respond, can't be cancelled.
    private static void Abandon(Task task)
    {
        if (!task.IsCompleted)
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne(EndMilliseconds);
    }

    // Shows that a service doesn't answer, and why.
    private bool ShowWait(string? activity)
    {
        var wait = StoreLocation.Wait ?? References?.Wait;
        if (wait is null || wait.Elapsed < ShortestWait)
        {
            if (_showsWait)
                Complete(ref _shown);
            _showsWait = false;
            return false;
        }
        var record = new ProgressRecord(
            ActivityId,
            activity ?? MyInvocation.MyCommand.Name,
            DisplayText.Of($"Waiting for {wait.Location}: {wait.Reason}") + $" Giving up in {wait.Left:m\\:ss}."
        )
        {
            ParentActivityId = _total is null ? -1 : TotalId,
            SecondsRemaining = (int)wait.Left.TotalSeconds,
        };
        WriteProgress(record);
        (_shown, _showsWait) = (record, true);
        return true;
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
