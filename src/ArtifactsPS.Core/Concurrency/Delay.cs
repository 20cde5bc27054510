namespace ArtifactsPS.Core.Concurrency;

/// <summary>Waits by a clock, which a test may replace.</summary>
internal static class Delay
{
    /// <summary>Waits for a time span.</summary>
    public static Task ForAsync(TimeSpan span, TimeProvider time, CancellationToken cancellationToken) =>
#if NET
        Task.Delay(span, time, cancellationToken);
#else
        time.Delay(span, cancellationToken);
#endif
}
