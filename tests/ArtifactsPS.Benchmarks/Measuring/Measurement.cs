namespace ArtifactsPS.Benchmarks.Measuring;

/// <summary>What one process took.</summary>
/// <param name="Time">From before it is started until it has ended.</param>
/// <param name="Processor">On all cores, with the processes it waited for.</param>
/// <param name="PeakMemory">The greatest resident set of any one of its processes, in bytes.</param>
/// <param name="OwnTime">What it says itself it took, without its start; null when it says nothing.</param>
/// <param name="Growth">By how many bytes the store grew; null when it isn't published to.</param>
internal sealed record Measurement(
    TimeSpan Time,
    TimeSpan Processor,
    long PeakMemory,
    TimeSpan? OwnTime = null,
    long? Growth = null
);
