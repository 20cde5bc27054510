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
}
