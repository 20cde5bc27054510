using System.Diagnostics;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

/// <summary>Result of a process of the <c>artifacts</c> command with redirected streams.</summary>
internal sealed record HostProcess(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private static readonly string Assembly = Path.Combine(
        Suite.RepositoryRoot,
        "src",
        "ArtifactsPS.Host",
        "bin",
        Suite.Configuration,
        "net10.0",
        "artifacts.dll"
    );

    public static HostProcess Run(params string[] arguments) => Run("", arguments);

    /// <param name="input">Text for standard input.</param>
    /// <param name="arguments">The command line.</param>
    public static HostProcess Run(string input, string[] arguments)
    {
        var start = new ProcessStartInfo(DotNet.Executable)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Assembly);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // The terminal of the tests must not influence the process.
        start.Environment.Remove("COLUMNS");
        start.Environment.Remove("NO_COLOR");
        // HostTests checks the default of this variable.
        start.Environment.Remove("POWERSHELL_TELEMETRY_OPTOUT");
        start.Environment["TERM"] = "xterm-256color";

        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Timeout))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"artifacts {string.Join(' ', arguments)} didn't end.");
        }
        return new HostProcess(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }
}
