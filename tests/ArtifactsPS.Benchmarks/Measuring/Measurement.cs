namespace ArtifactsPS.Benchmarks.Measuring;

/// <summary>Time and memory used by one process.</summary>
/// <param name="Time">Wall-clock time from before its start until its end.</param>
/// <param name="Processor">Processor time on all cores, including the processes it waited for.</param>
/// <param name="PeakMemory">Largest resident set of any one of its processes, in bytes.</param>
/// <param name="OwnTime">Time that the process itself reports, without its start; null if it reports none.</param>
/// <param name="Growth">Growth of the store in bytes; null if the scenario publishes nothing.</param>
internal sealed record Measurement(
    TimeSpan Time,
    TimeSpan Processor,
    long PeakMemory,
    TimeSpan? OwnTime = null,
    long? Growth = null
);
