using System.Diagnostics;
using ArtifactsPS.Tests.Servers;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests;

/// <summary>Runs tests/Pester on the packaged module, and the examples that are tests, as a release pipeline does, where
/// there is a pwsh with Pester.</summary>
public sealed class PesterSuiteTests
{
    private const int NoPester = 77;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // With exit codes of its own: Pester's is the number of failures, which can be any, and wraps round to 0 at 256.
    private static readonly string Script = $$"""
        if (-not (Get-Module Pester -ListAvailable | Where-Object Version -GE '5.0')) { exit {{NoPester}} }
        Import-Module Pester -MinimumVersion 5.0 -ErrorAction Stop
        $configuration = New-PesterConfiguration
        $configuration.Run.Path = 'tests/Pester', 'examples'
        $configuration.Run.PassThru = $true
        $configuration.Output.RenderMode = 'Plaintext'
        $run = Invoke-Pester -Configuration $configuration
        if ($run.Result -ne 'Passed' -or $run.PassedCount -eq 0) { exit 1 }
        """;

    [Fact]
    public async Task The_Pester_suite_passes()
    {
        var pwsh = FindOnPath(OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        Assert.SkipWhen(pwsh is null, "There is no pwsh on the PATH.");
        var (exitCode, output) = await RunAsync(pwsh, TestContext.Current.CancellationToken);
        Assert.SkipWhen(exitCode == NoPester, $"'{pwsh}' has no Pester of version 5 or later.");
        Assert.True(exitCode == 0, $"The Pester suite ended with {exitCode}:{Environment.NewLine}{output}");
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string pwsh, CancellationToken cancellationToken)
    {
        // First: it leaves in this process's environment who may write there.
        var (s3, azure) = (await TestServers.LocationIfAnyAsync("s3"), await TestServers.LocationIfAnyAsync("az"));
        var start = new ProcessStartInfo(pwsh, ["-NoProfile", "-NonInteractive", "-Command", Script])
        {
            WorkingDirectory = Suite.RepositoryRoot,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The tests' process may have been led away from the user's folders, in one of which Pester can be.
        start.Environment.Remove("XDG_DATA_HOME");
        start.Environment["NO_COLOR"] = "1";
        start.Environment["ARTIFACTS_MODULE"] = Suite.ModuleManifest;
        start.Environment["ARTIFACTS_TEST_S3"] = s3;
        start.Environment["ARTIFACTS_TEST_AZURE"] = azure;
        using var process = Process.Start(start)!;
        var streams = Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(CancellationToken.None),
            process.StandardError.ReadToEndAsync(CancellationToken.None)
        );
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            var written = string.Concat(await streams.ConfigureAwait(false));
            Assert.Fail($"The Pester suite was not done after {Patience}:{Environment.NewLine}{written}");
        }
        return (process.ExitCode, string.Concat(await streams.ConfigureAwait(false)));
    }

    private static string? FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
