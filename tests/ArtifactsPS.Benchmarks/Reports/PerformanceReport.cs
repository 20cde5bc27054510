using System.Globalization;
using System.Text;
using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Benchmarks.Peers;
using ArtifactsPS.Benchmarks.Scenarios;

namespace ArtifactsPS.Benchmarks.Reports;

/// <summary>Formats the results of a comparison as Markdown.</summary>
/// <param name="peers">Measured programs and their versions.</param>
/// <param name="runs">Number of rounds.</param>
/// <param name="machine">Description of the machine.</param>
internal sealed class PerformanceReport(IReadOnlyList<(PeerKind Kind, string Version)> peers, int runs, string machine)
{
    private const string Nothing = "";

    /// <summary>A complete page: method, tables and failures.</summary>
    public string Page(IReadOnlyList<DataSetResult> results, IReadOnlyList<string> failures)
    {
        var text = new StringBuilder(
            $"""
            # Performance

            Measured with `dotnet run -c Release --project tests/ArtifactsPS.Benchmarks -- compare`, which creates the data
            and measures. `--output docs/performance.md` writes this page. Compare only figures of the same run: they differ
            between days and machines.

            {Method()}
            ## Goals

            {Goals.Table(results)}
            {Tables(results)}
            """
        );
        if (failures.Count > 0)
        {
            text.Append("\n## Failures\n\n");
            foreach (var failure in failures)
                text.Append("- ").Append(failure.ReplaceLineEndings(" ")).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Only the tables, one for each data set.</summary>
    public string Tables(IReadOnlyList<DataSetResult> results)
    {
        var text = new StringBuilder();
        foreach (var result in results)
            text.Append('\n')
                .Append("## ")
                .Append(result.Data.Name)
                .Append(": ")
                .Append(result.Data.Description)
                .Append("\n\n")
                .Append(
                    CultureInfo.InvariantCulture,
                    $"Files: {result.Data.FileCount:N0}, {Size(result.Data.Size)}.\n\n"
                )
                .Append(Table(result));
        return text.ToString();
    }

    private string Method()
    {
        var text = new StringBuilder(
            $"""
            ## Method

            - Times are those of whole processes, from before their start until their end. For this module that includes the
              start of .NET and PowerShell, and importing the module in the Host. *In process* is the time of the commands
              alone, each run for the first time in its process.
            - Programs take turns, for {runs} rounds. Tables show the median and the range.
            - Data to publish, and stores to restore from or verify, are in the page cache.
            - Every first publish starts with an empty store and no caches, every restore with an empty folder. Preparations
              are not timed. `sync(2)` runs before each timed process, so that no program waits for the writes of another.
            - Three quarters of the free memory are used once before a run, and kept from being returned to the host of a
              virtual machine: it would provide each page again, in 2 to 16 µs, to whichever program uses it next.
            - Folders that are no longer needed are deleted at the end of a run.
            - Memory is the largest resident set of any one process (`VmHWM`). Processor time is the sum over all cores.
            - *Ratio* is this module's median divided by the other program's. Below 1, this module is faster.

            Machine: {machine}.


            """
        );
        var table = new MarkdownTable(3, "program", "version", "use");
        foreach (var (kind, version) in peers)
            table.Add(kind.Name, version, kind.Remark ?? Nothing);
        return text.Append(table).ToString();
    }

    private static string Table(DataSetResult result)
    {
        var table = new MarkdownTable(
            2,
            "work",
            "program",
            "median",
            "range",
            "in process",
            "processor",
            "memory",
            "store growth",
            "ratio"
        );
        foreach (var scenario in result.Scenarios)
        {
            var ours = scenario.Results.FirstOrDefault(peer => peer.Peer == PeerKinds.Artifacts) is { } artifacts
                ? TimeOf(artifacts).Median
                : (double?)null;
            foreach (var peer in scenario.Results)
            {
                var time = TimeOf(peer);
                var ratio = peer.Peer == PeerKinds.Artifacts ? null : ours / time.Median;
                table.Add(
                    peer == scenario.Results[0] ? scenario.Scenario.Title : Nothing,
                    peer.Peer,
                    Seconds(time.Median),
                    $"{Number(time.Min)}–{Seconds(time.Max)}",
                    OwnTimeOf(peer),
                    Seconds(Median(peer, run => run.Processor.TotalSeconds)),
                    MemoryOf(peer),
                    peer.Measurements[0].Growth is null ? Nothing : Size(Median(peer, run => run.Growth ?? 0)),
                    ratio is { } times ? $"{times.ToString("F2", CultureInfo.InvariantCulture)} ×" : Nothing
                );
            }
        }
        return table.ToString();
    }

    // 0 if a process ended before it could be sampled.
    private static string MemoryOf(Result peer) =>
        Median(peer, run => run.PeakMemory) is > 0 and var bytes ? Size(bytes) : Nothing;

    private static string OwnTimeOf(Result peer) =>
        peer.Measurements[0].OwnTime is null ? Nothing : Seconds(Median(peer, run => run.OwnTime?.TotalSeconds ?? 0));

    private static Spread TimeOf(Result peer) => new(peer.Measurements.Select(run => run.Time.TotalSeconds));

    private static double Median(Result peer, Func<Measurement, double> value) =>
        new Spread(peer.Measurements.Select(value)).Median;

    private static string Seconds(double seconds) => Number(seconds) + " s";

    private static string Number(double seconds) =>
        seconds.ToString(seconds < 10 ? "F2" : "F1", CultureInfo.InvariantCulture);

    private static string Size(double bytes)
    {
        string[] units = ["B", "KB", "MB", "GB"];
        var unit = 0;
        while (Math.Abs(bytes) >= 1000 && unit < units.Length - 1)
            (bytes, unit) = (bytes / 1000, unit + 1);
        var format = unit > 0 && Math.Abs(bytes) < 10 ? "F1" : "F0";
        return $"{bytes.ToString(format, CultureInfo.InvariantCulture)} {units[unit]}";
    }
}
