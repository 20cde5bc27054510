using System.Globalization;
using System.Text;
using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Benchmarks.Peers;
using ArtifactsPS.Benchmarks.Scenarios;

namespace ArtifactsPS.Benchmarks.Reports;

/// <summary>What a comparison came to, as a page in Markdown.</summary>
/// <param name="peers">The programs and their versions.</param>
/// <param name="runs">How many rounds there were.</param>
/// <param name="machine">What was measured on.</param>
internal sealed class PerformanceReport(IReadOnlyList<(PeerKind Kind, string Version)> peers, int runs, string machine)
{
    private const string Nothing = "";

    /// <summary>A page that stands by itself.</summary>
    public string Page(IReadOnlyList<DataSetResult> results, IReadOnlyList<string> failures)
    {
        var text = new StringBuilder(
            $"""
            # How fast it is

            Measured with `dotnet run -c Release --project tests/ArtifactsPS.Benchmarks -- compare`, which makes the data,
            measures, and writes this page with `--output docs/performance.md`. Figures of one run only can be compared with
            each other: another day and another machine give others.

            {Method()}
            {Tables(results)}
            """
        );
        if (failures.Count > 0)
        {
            text.Append("\n## What failed\n\n");
            foreach (var failure in failures)
                text.Append("- ").Append(failure.ReplaceLineEndings(" ")).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>The tables alone, one for each data set.</summary>
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
            ## How it is measured

            - Whole processes, from before they are started until they have ended; of this module with the start of .NET and
              PowerShell and the module's import, through the Host. *In process* is what a script sees that is running
              already: its commands' own time, the first of their kind in the process.
            - Each program in turn, {runs} rounds; the median, and the least and the greatest.
            - The data is in memory when it is read (it was read before), and so is a store that is restored from or verified.
            - Every first publish begins with an empty store and no caches, every restore with an empty folder. What the other
              scenarios need was made before, untimed. Before each process that is timed, `sync(2)` has the disk catch up,
              so that none pays for what another has left to be written.
            - Memory is the greatest resident set of any one process (`VmHWM`). Processor time is that of all cores.
            - *artifacts takes* is this module's median divided by that program's: below 1, this module is faster.

            On {machine}.


            """
        );
        var table = new MarkdownTable(3, "program", "version", "how it is used");
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
            "least–greatest",
            "in process",
            "processor",
            "memory",
            "store grows by",
            "artifacts takes"
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
                    $"{Number(time.Least)}–{Seconds(time.Greatest)}",
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

    // Of a process of a few milliseconds it may not have been seen.
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
