using System.Collections;
using System.Collections.Concurrent;

namespace ArtifactsPS.Core.Concurrency;

/// <summary>Receives results of an operation while it runs. Safe for concurrent callers.</summary>
public interface IResultSink<in T>
{
    /// <summary>Adds a result. Waits while the receiver is behind.</summary>
    /// <exception cref="OperationCanceledException">The receiver takes no more results.</exception>
    ValueTask AddAsync(T result);
}

/// <summary>Adds results from synchronous code.</summary>
public static class ResultSink
{
    /// <summary>Adds a result, and blocks the thread while the receiver is behind. Not for the thread that receives.</summary>
    public static void Add<T>(this IResultSink<T> sink, T result)
    {
        var adding = sink.AddAsync(result);
        if (!adding.IsCompletedSuccessfully)
            adding.AsTask().GetAwaiter().GetResult();
    }
}

/// <summary>Results in memory, in the order in which they were added.</summary>
public sealed class ResultList<T> : IResultSink<T>, IReadOnlyCollection<T>
{
    private readonly ConcurrentQueue<T> _results = new();

    /// <inheritdoc/>
    public int Count => _results.Count;

    /// <inheritdoc/>
    public ValueTask AddAsync(T result)
    {
        _results.Enqueue(result);
        return default;
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _results.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
