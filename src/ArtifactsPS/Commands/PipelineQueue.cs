using System.Management.Automation;
using System.Threading.Channels;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Concurrency;

namespace ArtifactsPS.Commands;

/// <summary>
/// Bounded queue of output from background work to the pipeline thread. Work waits while the queue is full, and is
/// cancelled when the command ends.
/// </summary>
internal sealed class PipelineQueue : IPipelineThread
{
    /// <summary>Maximum number of results that wait for the pipeline thread.</summary>
    public const int Length = 32;

    private readonly Channel<Action> _writes = Channel.CreateBounded<Action>(
        new BoundedChannelOptions(Length) { SingleReader = true }
    );
    private readonly CancellationToken _ended;

    // Waiting for tasks would spin first, which is slow on a busy machine.
    private readonly object _gate = new();
    private bool _isSignalled;

    /// <param name="ended">Cancelled when the pipeline thread writes no more.</param>
    public PipelineQueue(CancellationToken ended)
    {
        _ended = ended;
        ended.Register(Signal);
    }

    /// <summary>Creates a sink whose results the pipeline thread writes.</summary>
    public IResultSink<T> Sink<T>(Action<T> write) => new QueueingSink<T>(this, write);

    /// <inheritdoc/>
    public async Task<T> RunAsync<T>(Func<T> function, CancellationToken cancellationToken)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_ended, cancellationToken);
        using var registration = ended.Token.Register(() => result.TrySetCanceled(ended.Token));
        await _writes.Writer.WriteAsync(Run, ended.Token).ConfigureAwait(false);
        Signal();
        return await result.Task.ConfigureAwait(false);

        void Run()
        {
            // The caller waits no more.
            if (result.Task.IsCompleted)
                return;
            try
            {
                result.TrySetResult(function());
            }
            catch (PipelineStoppedException)
            {
                result.TrySetCanceled(CancellationToken.None);
                throw;
            }
            catch (Exception e)
            {
                result.TrySetException(e);
            }
        }
    }

    /// <summary>Writes the results so far. For the pipeline thread.</summary>
    public void Drain()
    {
        while (_writes.Reader.TryRead(out var write))
            write();
    }

    /// <summary>Waits until a task has ended, and writes results meanwhile. For the pipeline thread.</summary>
    /// <param name="milliseconds">Interval of <paramref name="onTick"/>; -1 for none.</param>
    /// <exception cref="OperationCanceledException">The command ends.</exception>
    public void DrainUntil(Task task, int milliseconds, Action onTick)
    {
        if (!task.IsCompleted)
            _ = task.ContinueWith(
                _ => Signal(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        while (!task.IsCompleted)
        {
            if (!WaitForSignal(milliseconds))
                onTick();
            _ended.ThrowIfCancellationRequested();
            Drain();
        }
        Drain();
    }

    private void Signal()
    {
        lock (_gate)
        {
            _isSignalled = true;
            Monitor.Pulse(_gate);
        }
    }

    private bool WaitForSignal(int milliseconds)
    {
        lock (_gate)
        {
            if (!_isSignalled && !Monitor.Wait(_gate, milliseconds))
                return false;
            _isSignalled = false;
            return true;
        }
    }

    private sealed class QueueingSink<T>(PipelineQueue queue, Action<T> write) : IResultSink<T>
    {
        public async ValueTask AddAsync(T result)
        {
            await queue._writes.Writer.WriteAsync(() => write(result), queue._ended).ConfigureAwait(false);
            queue.Signal();
        }
    }
}
