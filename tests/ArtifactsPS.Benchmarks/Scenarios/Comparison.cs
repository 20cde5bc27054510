using ArtifactsPS.Benchmarks.Data;
using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Benchmarks.Peers;

namespace ArtifactsPS.Benchmarks.Scenarios;

/// <summary>Measurements of one program in one scenario.</summary>
internal sealed record Result(string Peer, IReadOnlyList<Measurement> Measurements);

/// <summary>Measurements of all programs in one scenario.</summary>
internal sealed record ScenarioResult(Scenario Scenario, IReadOnlyList<Result> Results);

/// <summary>Measurements of all scenarios with one data set.</summary>
internal sealed record DataSetResult(DataSet Data, IReadOnlyList<ScenarioResult> Scenarios);

/// <summary>
/// Compares programs. Each round runs every program once, so that other work of the machine affects all of them alike.
/// </summary>
/// <param name="peers">Programs to measure.</param>
/// <param name="scenarios">Work to measure, in this order.</param>
/// <param name="runs">Number of rounds.</param>
/// <param name="workFolder">Folder for stores and restored files, on the disk of the data sets.</param>
/// <param name="log">Receives a line for each measurement.</param>
internal sealed class Comparison(
    IReadOnlyList<PeerKind> peers,
    IReadOnlyList<Scenario> scenarios,
    int runs,
    string workFolder,
    Action<string> log
) : IDisposable
{
    /// <summary>Errors, one line each. A program that failed is left out of the rest of its scenario.</summary>
    public List<string> Failures { get; } = [];

    private string Aside => Path.Combine(workFolder, "aside");

    public DataSetResult Measure(DataSet data)
    {
        log($"{data.Name}: {data.Description}");
        data.Prepare();
        var subjects = peers
            .Select(kind => new Subject(kind, new Workspace(Path.Combine(workFolder, kind.Name), Aside, data)))
            .ToList();
        try
        {
            return new DataSetResult(data, [.. scenarios.Select(scenario => Measure(scenario, subjects))]);
        }
        finally
        {
            data.Undo();
            foreach (var subject in subjects)
                subject.Workspace.SetAside();
        }
    }

    /// <summary>Deletes everything that was written.</summary>
    public void Dispose() => Trees.Delete(workFolder);

    private ScenarioResult Measure(Scenario scenario, IReadOnlyList<Subject> subjects)
    {
        var measurements = subjects.ToDictionary(subject => subject, _ => new List<Measurement>());
        var remaining = subjects.ToList();
        for (var run = 0; run < runs; run++)
            foreach (var subject in remaining.ToList())
                try
                {
                    if (Measure(scenario, subject) is not { } measurement)
                    {
                        remaining.Remove(subject);
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
                    remaining.Remove(subject);
                    measurements[subject].Clear();
                    Failures.Add($"{subject.Workspace.Data.Name}, {scenario.Name}, {subject.Kind.Name}: {e.Message}");
                    log($"  {scenario.Name} {subject.Kind.Name} FAILED: {e.Message}");
                }
        foreach (var subject in subjects)
            subject.Workspace.SetDestinationAside();
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
        // The state of a program that doesn't support the scenario must not change.
        if (scenario.Command(subject.Peer) is null)
            return null;
        scenario.Begin(subject);
        var command = scenario.Command(subject.Peer)!;
        var before = scenario.Publishes ? Trees.Measure(subject.Workspace.Store).Bytes : 0;
        // Pending writes of other programs must not count against this one.
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
