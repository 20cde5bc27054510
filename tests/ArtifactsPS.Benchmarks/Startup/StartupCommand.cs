using System.CommandLine;
using ArtifactsPS.Benchmarks.Reports;

namespace ArtifactsPS.Benchmarks.Startup;

/// <summary><c>startup</c>: measures the first commands of a process and commands of a warm session, and compares with
/// goals.</summary>
internal static class StartupCommand
{
    public static Command Create()
    {
        var pwsh = new Option<string>("--pwsh")
        {
            Description = "Path of pwsh, or of its pwsh.dll.",
            DefaultValueFactory = _ => "pwsh",
        };
        var module = new Option<FileInfo>("--module")
        {
            Description = "Manifest of the module; that of this checkout by default.",
            DefaultValueFactory = _ => new FileInfo(HostLocator.Module),
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "Processes per figure.",
            DefaultValueFactory = _ => 9,
        };
        var entries = new Option<int>("--entries")
        {
            Description = "Entries of the largest version.",
            DefaultValueFactory = _ => 1_000_000,
        };
        var artifacts = new Option<int>("--artifacts")
        {
            Description = "Number of listed artifacts.",
            DefaultValueFactory = _ => 10_000,
        };
        var command = new Command("startup", "Measures the first commands of a process, and those of a warm session.")
        {
            pwsh,
            module,
            rounds,
            entries,
            artifacts,
        };
        command.SetAction(
            (parsed, token) =>
                RunAsync(
                    parsed.GetRequiredValue(pwsh),
                    parsed.GetRequiredValue(module).FullName,
                    parsed.GetValue(rounds),
                    parsed.GetValue(entries),
                    parsed.GetValue(artifacts),
                    token
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        string pwsh,
        string module,
        int rounds,
        int entries,
        int artifacts,
        CancellationToken cancellationToken
    )
    {
        var folder = Directory.CreateTempSubdirectory("artifacts-startup-");
        try
        {
            var run = new StartupRun(pwsh, module, folder.FullName);
            var goals = new List<Goal>();
            goals.AddRange(await run.FirstCommandsAsync(rounds, cancellationToken).ConfigureAwait(false));
            goals.AddRange(await run.ListAsync(artifacts, rounds, cancellationToken).ConfigureAwait(false));
            goals.AddRange(await run.ChangeAsync(entries, rounds, cancellationToken).ConfigureAwait(false));
            var table = new MarkdownTable(2, Goal.Headings);
            foreach (var goal in goals)
                table.Add(goal.ToCells());
            await Console.Out.WriteAsync(table.ToString()).ConfigureAwait(false);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
