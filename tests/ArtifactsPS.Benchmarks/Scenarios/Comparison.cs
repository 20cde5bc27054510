using ArtifactsPS.Benchmarks.Data;
using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Benchmarks.Peers;

namespace ArtifactsPS.Benchmarks.Scenarios;

/// <summary>What was measured of one program in one scenario.</summary>
internal sealed record Result(string Peer, IReadOnlyList<Measurement> Measurements);

/// <summary>What was measured of all programs in one scenario.</summary>
internal sealed record ScenarioResult(Scenario Scenario, IReadOnlyList<Result> Results);

/// <summary>What was measured with one data set.</summary>
internal sealed record DataSetResult(DataSet Data, IReadOnlyList<ScenarioResult> Scenarios);

/// <summary>
/// Measures programs against each other: each in turn, round by round, so that whatever the machine does meanwhile meets
/// them alike.
/// </summary>
/// <param name="peers">The programs.</param>
/// <param name="scenarios">The pieces of work.</param>
/// <param name="runs">How many rounds.</param>
/// <param name="workFolder">Where stores and restored files go; on the data sets' own disk.</param>
/// <param name="log">Told of each measurement.</param>
internal sealed class Comparison(
    IReadOnlyList<PeerKind> peers,
    IReadOnlyList<Scenario> scenarios,
    int runs,
    string workFolder,
    Action<string> log
)
{
    /// <summary>What went wrong, a line each; a program that failed is left out of what follows.</summary>
    public List<string> Failures { get; } = [];

    public DataSetResult Measure(DataSet data)
    {
        log($"{data.Name}: {data.Description}");
        data.Prepare();
        var subjects = peers
            .Select(kind => new Subject(kind, new Workspace(Path.Combine(workFolder, kind.Name), data)))
            .ToList();
        try
        {
            return new DataSetResult(data, [.. scenarios.Select(scenario => Measure(scenario, subjects))]);
        }
        finally
        {
            data.Undo();
            foreach (var subject in subjects)
                subject.Workspace.Delete();
        }
    }

    private ScenarioResult Measure(Scenario scenario, IReadOnlyList<Subject> subjects)
    {
        var measurements = subjects.ToDictionary(subject => subject, _ => new List<Measurement>());
        var left = subjects.ToList();
        for (var run = 0; run < runs; run++)
            foreach (var subject in left.ToList())
                try
                {
                    if (Measure(scenario, subject) is not { } measurement)
                    {
                        left.Remove(subject);
                        continue;
                    }
                    measurements[subject].Add(measurement);
                    log(
                        FormattableString.Invariant(
                            $"  {scenario.Name} {run + 1}/{runs} {subject.Kind.Name}: {measurement.Time.TotalSeconds:F3} s, {measurement.PeakMemory >> 20} MiB"
                        )
                    );
                }
                catch (ProcessFailedException e)
                {
                    left.Remove(subject);
                    measurements[subject].Clear();
                    Failures.Add($"{subject.Workspace.Data.Name}, {scenario.Name}, {subject.Kind.Name}: {e.Message}");
                    log($"  {scenario.Name} {subject.Kind.Name} FAILED: {e.Message}");
                }
        foreach (var subject in subjects)
            Trees.Delete(subject.Workspace.Destination);
        return new ScenarioResult(
            scenario,
            [
                .. subjects
                    .Where(subject => measurements[subject].Count > 0)
                    .Select(subject => new Result(subject.Kind.Name, measurements[subject])),
            ]
        );
    }

    private static Measurement? Measure(Scenario scenario, Subject subject)
    {
        // One that has no such thing is to stay as it is.
        if (scenario.Command(subject.Peer) is null)
            return null;
        scenario.Begin(subject);
        var command = scenario.Command(subject.Peer)!;
        var before = scenario.Publishes ? Trees.Measure(subject.Workspace.Store).Bytes : 0;
        // What others have left to be written is not to be written while this one is timed.
        LinuxProcess.FlushAll();
        var measurement = ProcessTimer.Run(command);
        if (scenario.Restores && !subject.HasRestoredAll())
            throw new ProcessFailedException(command, 0, "not all files were restored");
        return scenario.Publishes
            ? measurement with
            {
                Growth = Trees.Measure(subject.Workspace.Store).Bytes - before,
            }
            : measurement;
    }
}
