using System.Globalization;
using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Benchmarks.Peers;

namespace ArtifactsPS.Benchmarks.Startup;

/// <summary>A part of a script whose time is measured.</summary>
/// <param name="Name">Key of the result.</param>
/// <param name="Script">Script to measure.</param>
/// <param name="Preparation">Script to run before, not measured.</param>
internal sealed record SessionStep(string Name, string Script, string Preparation = "");

/// <summary>Time of a step in milliseconds.</summary>
/// <param name="Wall">Time that passed.</param>
/// <param name="Processor">Processor time on all cores, which other programs on the machine affect less.</param>
internal readonly record struct StepTime(double Wall, double Processor);

/// <summary>Runs steps in a new process of PowerShell, and returns the time of each.</summary>
/// <param name="pwsh">Path of <c>pwsh</c>, or of its <c>pwsh.dll</c>.</param>
/// <param name="home">Folder for the user's own files: caches, profiles, histories.</param>
internal sealed class PwshSession(string pwsh, string home)
{
    // The empty step compiles the code that measures.
    private const string Begin = """
        $ErrorActionPreference = 'Stop'
        $clock = [Diagnostics.Stopwatch]::new()
        $process = [Diagnostics.Process]::GetCurrentProcess()
        function Begin-Step {
            $process.Refresh()
            $script:before = $process.TotalProcessorTime
            $clock.Restart()
        }
        function Complete-Step([string] $name) {
            $clock.Stop()
            $process.Refresh()
            $times = $clock.Elapsed.TotalMilliseconds, ($process.TotalProcessorTime - $script:before).TotalMilliseconds
            [Console]::Out.WriteLine([string]::Format([cultureinfo]::InvariantCulture, '{0} {1:R} {2:R}', $name, $times[0], $times[1]))
        }
        Begin-Step; Complete-Step empty

        """;

    /// <summary>Runs the steps in order.</summary>
    /// <returns>Times by name of the step. Steps of one name are repetitions, in order.</returns>
    public ILookup<string, StepTime> Run(IEnumerable<SessionStep> steps)
    {
        var script =
            Begin
            + string.Concat(
                steps.Select(step => $"{step.Preparation}\nBegin-Step; {step.Script}; Complete-Step {step.Name}\n")
            );
        var command = ArtifactsPeer.CommandOf(pwsh, "-NoProfile", "-NonInteractive", "-Command", script) with
        {
            Environment =
            [
                ("HOME", home),
                ("XDG_DATA_HOME", home),
                ("XDG_CACHE_HOME", home),
                ("POWERSHELL_TELEMETRY_OPTOUT", "1"),
            ],
        };
        return ProcessTimer
            .Read(command)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToLookup(
                words => words[0],
                words => new StepTime(
                    double.Parse(words[1], CultureInfo.InvariantCulture),
                    double.Parse(words[2], CultureInfo.InvariantCulture)
                ),
                StringComparer.Ordinal
            );
    }

    /// <summary>Text of a script in quotes.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
