using System.Diagnostics;
using ArtifactsPS.Tests.Host;
using ArtifactsPS.Tests.Servers;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests;

/// <summary>Runs tests/Pester and the tests among the examples on the staged module, with the flavour of this suite. PowerShell
/// and Pester come from packages. For the second flavour, which has the same cmdlets, every second file runs, or each one at full
/// size.</summary>
public sealed class PesterSuiteTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(20);

    private static readonly string Pester = Path.Combine(Suite.Package("Pester"), "tools", "Pester.psd1");

    private static string Step =>
        Suite.Flavour == "netstandard2.0"
        && Environment.GetEnvironmentVariable("ARTIFACTS_TEST_FULL_SIZE") is not { Length: > 0 }
            ? "2"
            : "1";

    [Fact]
    public async Task Pester_suite_passes()
    {
        var (exitCode, output) = await RunAsync(TestContext.Current.CancellationToken);

        Assert.True(exitCode == 0, $"The Pester suite exited with {exitCode}:{Environment.NewLine}{output}");
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(CancellationToken cancellationToken)
    {
        // Starting the servers adds their credentials to the environment, so it precedes the process.
        var (s3, azure) = (await TestServers.LocationIfAnyAsync("s3"), await TestServers.LocationIfAnyAsync("az"));
        var start = new ProcessStartInfo(
            DotNet.Executable,
            [
                ShellProcess.Pwsh,
                "-NoProfile",
                "-NonInteractive",
                "-File",
                Path.Combine(Suite.RepositoryRoot, "tests", "Pester", "Invoke-Suite.ps1"),
                "-Module",
                Suite.ModuleManifest,
                "-Pester",
                Pester,
                "-Step",
                Step,
            ]
        )
        {
            WorkingDirectory = Suite.RepositoryRoot,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = DotNet.Root;
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["NO_COLOR"] = "1";
        start.Environment["ARTIFACTS_TFM"] = Suite.Flavour;
        start.Environment["ARTIFACTS_TEST_S3"] = s3;
        start.Environment["ARTIFACTS_TEST_AZURE"] = azure;
        using var process = Process.Start(start)!;
        var streams = Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(CancellationToken.None),
            process.StandardError.ReadToEndAsync(CancellationToken.None)
        );
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            var output = string.Concat(await streams.ConfigureAwait(false));
            Assert.Fail($"The Pester suite did not end within {Timeout}:{Environment.NewLine}{output}");
        }
        return (process.ExitCode, string.Concat(await streams.ConfigureAwait(false)));
    }
}
