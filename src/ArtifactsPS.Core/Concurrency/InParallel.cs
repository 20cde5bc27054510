using System.Runtime.ExceptionServices;

namespace ArtifactsPS.Core.Concurrency;

/// <summary>Computing on all processors.</summary>
internal static class InParallel
{
    /// <summary>Calls for each number from 0 on; the first failure is thrown as it is.</summary>
    public static void For(int count, Action<int> work, CancellationToken cancellationToken = default)
    {
        // Starting threads for one thing costs more than it may.
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
