using System.Threading.Channels;
using ArtifactsPS.Core.Concurrency;

namespace ArtifactsPS.Commands;

/// <summary>
/// Bounded queue of output from background work to the pipeline thread. Work waits while the queue is full, and is
/// cancelled when the command ends.
/// </summary>
/// <param name="ended">Cancelled when the pipeline thread writes no more.</param>
internal sealed class PipelineQueue(CancellationToken ended)
{
    /// <summary>Maximum number of results that wait for the pipeline thread.</summary>
    public const int Length = 32;

    private readonly Channel<Action> _writes = Channel.CreateBounded<Action>(
        new BoundedChannelOptions(Length) { SingleReader = true }
    );

    // Completes when a result is there. Kept, because a channel's pending reads can't be withdrawn.
    private Task<bool>? _next;

    /// <summary>Creates a sink whose results the pipeline thread writes.</summary>
    public IResultSink<T> Sink<T>(Action<T> write) => new QueueingSink<T>(_writes.Writer, write, ended);

    /// <summary>Writes the results so far. For the pipeline thread.</summary>
    public void Drain()
    {
        while (_writes.Reader.TryRead(out var write))
            write();
    }

    /// <summary>Waits until a result is there, the task has ended, or the time is over. For the pipeline thread.</summary>
    /// <param name="milliseconds">-1 for no limit.</param>
    /// <returns>False if the time is over.</returns>
    /// <exception cref="OperationCanceledException">The command ends.</exception>
    public bool Wait(Task task, int milliseconds)
    {
        if (_next is null or { IsCompleted: true })
            _next = _writes.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        return Task.WaitAny([task, _next], milliseconds, ended) >= 0;
    }

    private sealed class QueueingSink<T>(ChannelWriter<Action> writes, Action<T> write, CancellationToken ended)
        : IResultSink<T>
    {
        public ValueTask AddAsync(T result) => writes.WriteAsync(() => write(result), ended);
    }
}
