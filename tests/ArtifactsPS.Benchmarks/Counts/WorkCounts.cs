namespace ArtifactsPS.Benchmarks.Counts;

/// <summary>Counts of one piece of work that hardly vary between runs and machines.</summary>
/// <param name="Work">Name of the work.</param>
/// <param name="BytesRead">Bytes that the process read, from files and pipes.</param>
/// <param name="BytesWritten">Bytes that the process wrote.</param>
/// <param name="ReadCalls">System calls that read.</param>
/// <param name="WriteCalls">System calls that wrote.</param>
/// <param name="BytesAllocated">Managed bytes allocated on all threads.</param>
/// <param name="StoreGrowth">Bytes that the work added to the store.</param>
/// <param name="FilesCreated">Files that the work added to the store.</param>
internal sealed record WorkCounts(
    string Work,
    long BytesRead,
    long BytesWritten,
    long ReadCalls,
    long WriteCalls,
    long BytesAllocated,
    long StoreGrowth,
    long FilesCreated
)
{
    // Counts below these differ by what the runtime does beside the work. Pools make allocations vary most.
    private const long FewBytes = 1 << 20;
    private const long FewCalls = 100;
    private const long FewFiles = 2;

    /// <summary>Compares with earlier counts of the same work.</summary>
    /// <returns>A line for each count that is above its tolerance.</returns>
    public IEnumerable<string> Excesses(WorkCounts earlier) =>
        new[]
        {
            Excess("bytes read", BytesRead, earlier.BytesRead, 0.03, FewBytes),
            Excess("bytes written", BytesWritten, earlier.BytesWritten, 0.03, FewBytes),
            Excess("read calls", ReadCalls, earlier.ReadCalls, 0.15, FewCalls),
            Excess("write calls", WriteCalls, earlier.WriteCalls, 0.15, FewCalls),
            Excess("bytes allocated", BytesAllocated, earlier.BytesAllocated, 0.5, 2 * FewBytes),
            Excess("growth of the store", StoreGrowth, earlier.StoreGrowth, 0.01, FewBytes / 16),
            Excess("files created", FilesCreated, earlier.FilesCreated, 0, FewFiles),
        }.OfType<string>();

    private string? Excess(string count, long now, long earlier, double tolerance, long few) =>
        now > earlier * (1 + tolerance) + few
            ? string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{Work}: {count} {now:N0}, earlier {earlier:N0} (tolerance {tolerance:P0} and {few:N0})"
            )
            : null;
}
