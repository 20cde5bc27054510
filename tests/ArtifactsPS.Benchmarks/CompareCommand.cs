using System.CommandLine;
using ArtifactsPS.Benchmarks.Data;
using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Benchmarks.Peers;
using ArtifactsPS.Benchmarks.Reports;
using ArtifactsPS.Benchmarks.Scenarios;
using ArtifactsPS.Core.Values;
using Command = System.CommandLine.Command;

namespace ArtifactsPS.Benchmarks;

/// <summary><c>compare</c>: measures whole processes of this module and of other installed programs.</summary>
internal static class CompareCommand
{
    private static readonly string DefaultData = Path.Combine(Path.GetTempPath(), "artifacts-benchmarks");

    private static readonly Option<string> DataFolder = new("--data")
    {
        Description = $"Folder for data sets, stores and restored files. Default: {DefaultData}.",
        DefaultValueFactory = _ => DefaultData,
    };

    private static readonly Option<string[]> Only = Names("--only", "data sets", DataSets.Names, "small, big");

    private static readonly Option<string[]> Scenarios = Names(
        "--scenario",
        "scenarios",
        Scenario.All.Select(scenario => scenario.Name),
        "all"
    );

    private static readonly Option<string[]> Peers = Names(
        "--peers",
        "programs besides this module",
        PeerKinds.All("", "").Select(kind => kind.Name).Skip(2),
        "all that are installed"
    );

    private static readonly Option<int> Runs = new("--runs")
    {
        Description = "Number of rounds.",
        DefaultValueFactory = _ => 3,
    };

    private static readonly Option<double> Scale = new("--scale")
    {
        Description = "Size of the data sets relative to full size (1).",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<DirectoryInfo?> Sources = new("--sources")
    {
        Description = "Folder of sources and documentation to copy as the data set src.",
    };

    private static readonly Option<FileInfo?> Output = new("--output")
    {
        Description = "Markdown page to create, such as docs/performance.md.",
    };

    private static readonly Option<string> Host = new("--host")
    {
        Description = "artifacts.dll or self-contained Host to measure. Default: the one built with this program.",
        DefaultValueFactory = _ => HostLocator.Default,
    };

    private static readonly Option<string?> Baseline = new("--baseline")
    {
        Description = "A second Host to measure in the same run.",
    };

    public static Command Create()
    {
        var command = new Command("compare", "Compares this module with other programs, as whole processes.")
        {
            DataFolder,
            Only,
            Scenarios,
            Peers,
            Runs,
            Scale,
            Sources,
            Output,
            Host,
            Baseline,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.Error.WriteLine("Memory and processor time are measured on Linux only.");
            return 1;
        }
        var dataFolder = Path.GetFullPath(parsed.GetRequiredValue(DataFolder));
        Directory.CreateDirectory(dataFolder);
        var peers = FindPeers(parsed);
        var runs = parsed.GetRequiredValue(Runs);
        // Some stays free for what the system does besides.
        using var memory = new WarmMemory(LinuxProcess.FreeMemory() / 4 * 3);
        using var comparison = new Comparison(
            [.. peers.Select(peer => peer.Kind)],
            [.. Scenario.All.Where(scenario => IsChosen(parsed, Scenarios, scenario.Name))],
            runs,
            Path.Combine(dataFolder, "work"),
            Console.Error.WriteLine
        );

        var results = new List<DataSetResult>();
        foreach (var name in parsed.GetValue(Only) is { Length: > 0 } chosen ? chosen : ["small", "big"])
            results.Add(
                comparison.Measure(
                    DataSets.Find(name, dataFolder, parsed.GetRequiredValue(Scale), parsed.GetValue(Sources)?.FullName)
                )
            );

        var report = new PerformanceReport(peers, runs, Machine.Describe(dataFolder));
        Console.WriteLine(report.Tables(results));
        if (parsed.GetValue(Output) is { } output)
            File.WriteAllText(output.FullName, report.Page(results, comparison.Failures));
        return comparison.Failures.Count == 0 ? 0 : 1;
    }

    private static List<(PeerKind Kind, string Version)> FindPeers(ParseResult parsed)
    {
        var host = Path.GetFullPath(parsed.GetRequiredValue(Host));
        HostLocator.Check(host);
        var baseline = parsed.GetValue(Baseline) is { } other ? Path.GetFullPath(other) : null;
        if (baseline is not null)
            HostLocator.Check(baseline);
        return
        [
            .. PeerKinds
                .All(host, baseline)
                .Where(kind =>
                    kind.Name is PeerKinds.Artifacts or PeerKinds.Baseline || IsChosen(parsed, Peers, kind.Name)
                )
                .Select(kind => (kind, Version: kind.FindVersion()))
                .Where(peer => peer.Version is not null)
                .Select(peer => (peer.kind, peer.Version!)),
        ];
    }

    private static bool IsChosen(ParseResult parsed, Option<string[]> option, string name) =>
        parsed.GetValue(option) is not { Length: > 0 } chosen || chosen.Contains(name, StringComparer.Ordinal);

    // Accepts valid names only, separated by commas or spaces.
    private static Option<string[]> Names(string name, string what, IEnumerable<string> valid, string defaults)
    {
        var names = valid.ToList();
        return new Option<string[]>(name)
        {
            Description = $"Comma-separated {what}: {string.Join(", ", names)}. Default: {defaults}.",
            AllowMultipleArgumentsPerToken = true,
            CustomParser = result =>
            {
                var chosen = result.Tokens.SelectMany(token => token.Value.Split(',')).ToArray();
                foreach (var unknown in chosen.Except(names, StringComparer.Ordinal))
                    result.AddError($"Unknown value '{unknown}' for {name}. Valid values: {string.Join(", ", names)}.");
                return chosen;
            },
        };
    }
}
