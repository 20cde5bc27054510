using System.Globalization;
using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Benchmarks.Peers;
using ArtifactsPS.Benchmarks.Scenarios;

namespace ArtifactsPS.Benchmarks.Reports;

/// <summary>Goals of this module, with the figures of a comparison.</summary>
internal static class Goals
{
    private const string Megabytes = " MB";
    private const string Times = " ×";

    private static readonly IReadOnlyList<Goal> All =
    [
        Time("sdk", "publish", "restic", 0.40),
        Time("src", "publish", "restic", 0.40),
        Time("small", "publish", "restic", 0.33),
        Time("big", "publish", "restic", 0.25),
        InProcess("small", "publish", 1.5),
        InProcess("big", "publish", 1.5),
        .. Each(name => new Goal(name, "publish", "size of the store / restic", 1.0, Times, Growth("restic"))),
        .. Each(name => Time(name, "again", "restic", 0.30)),
        InProcess("small", "again", 1.3),
        .. Each(name => Time(name, "restore", "restic", 0.45)),
        .. Each(name => Time(name, "restore", "cp", 1.0)),
        .. Each(name => Time(name, "verify", "restic", 0.30)),
        InProcess("small", "verify", 1.3),
        InProcess("big", "verify", 1.3),
        Memory("small", "publish", 160),
        Memory("sdk", "publish", 180),
        Memory("million", "publish", 450),
        .. Each(name => Memory(name, "restore", 160)),
    ];

    /// <summary>A table of the goals whose data was measured.</summary>
    public static MarkdownTable Table(IReadOnlyList<DataSetResult> results)
    {
        var table = new MarkdownTable(3, "work", "data", "figure", "goal", "measured", "reached");
        foreach (var goal in All)
        {
            var scenario = results
                .FirstOrDefault(result => result.Data.Name == goal.Data)
                ?.Scenarios.FirstOrDefault(scenario => scenario.Scenario.Name == goal.Scenario);
            if (scenario is null || goal.Measure(scenario) is not { } measured)
                continue;
            var format = goal.Unit == Megabytes ? "F0" : "F2";
            table.Add(
                scenario.Scenario.Title,
                goal.Data,
                goal.Figure,
                "≤ " + goal.Limit.ToString(format, CultureInfo.InvariantCulture) + goal.Unit,
                measured.ToString(format, CultureInfo.InvariantCulture) + goal.Unit,
                measured <= goal.Limit ? "yes" : "no"
            );
        }
        return table;
    }

    private static IEnumerable<Goal> Each(Func<string, Goal> goal) =>
        new[] { "sdk", "src", "small", "big", "grown", "million" }.Select(goal);

    private static Goal Time(string data, string scenario, string peer, double limit) =>
        new(
            data,
            scenario,
            "time / " + peer,
            limit,
            Times,
            result => Ratio(result, peer, run => run.Time.TotalSeconds, run => run.Time.TotalSeconds)
        );

    private static Goal InProcess(string data, string scenario, double limit) =>
        new(
            data,
            scenario,
            "time in process / limit",
            limit,
            Times,
            result => Ratio(result, "limit", run => run.OwnTime?.TotalSeconds, run => run.Time.TotalSeconds)
        );

    private static Func<ScenarioResult, double?> Growth(string peer) =>
        result => Ratio(result, peer, run => run.Growth, run => run.Growth);

    private static Goal Memory(string data, string scenario, double limit) =>
        new(
            data,
            scenario,
            "peak memory",
            limit,
            Megabytes,
            result => Median(result, PeerKinds.Artifacts, run => run.PeakMemory / 1e6)
        );

    private static double? Ratio(
        ScenarioResult result,
        string peer,
        Func<Measurement, double?> ours,
        Func<Measurement, double?> theirs
    ) => Median(result, PeerKinds.Artifacts, ours) / Median(result, peer, theirs);

    private static double? Median(ScenarioResult result, string peer, Func<Measurement, double?> value) =>
        result.Results.FirstOrDefault(other => other.Peer == peer)?.Measurements.Select(value).ToList() is { } values
        && values.TrueForAll(number => number is not null)
            ? new Spread(values.Select(number => number!.Value)).Median
            : null;

    /// <param name="Data">Name of the data set.</param>
    /// <param name="Scenario">Name of the scenario.</param>
    /// <param name="Figure">The figure, for the table.</param>
    /// <param name="Limit">Largest figure that reaches the goal.</param>
    /// <param name="Unit">Unit of the figure.</param>
    /// <param name="Measure">Returns the figure; null if a program wasn't measured.</param>
    private sealed record Goal(
        string Data,
        string Scenario,
        string Figure,
        double Limit,
        string Unit,
        Func<ScenarioResult, double?> Measure
    );
}
