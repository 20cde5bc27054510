namespace ArtifactsPS.Core.Concurrency;

/// <summary>Cancels from asynchronous code.</summary>
internal static class Cancellation
{
    /// <summary>Cancels, and runs the callbacks of the token before it returns. <c>CancelAsync</c> doesn't exist on
    /// netstandard2.0.</summary>
    public static void CancelNow(this CancellationTokenSource source) => source.Cancel();
}
