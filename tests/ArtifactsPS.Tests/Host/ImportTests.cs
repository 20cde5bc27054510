using System.Globalization;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

/// <summary>Cost of importing the module.</summary>
[Collection(SerialCollection.Name)]
public sealed class ImportTests
{
    private const int Tries = 4;

    [Fact]
    public void Import_loads_only_own_assemblies()
    {
        var run = ShellProcess.RunHost(
            "-c",
            """
            [AppDomain]::CurrentDomain.GetAssemblies().ForEach{ $_.Location }.Where{
                $_ -match '[\\/]module[\\/]bin[\\/]'
            }.ForEach{ [IO.Path]::GetFileName($_) }
            """
        );

        Assert.Equal("", run.Errors);
        Assert.Equal(
            ["ArtifactsPS.Core.dll", "ArtifactsPS.dll"],
            run.Lines
                // Facades that .NET Standard 2.0 needs; on .NET they only forward types.
                .Where(name => !name.StartsWith("Microsoft.Bcl.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
    }

    // An engine takes at least half a second to start, and the import may take 150 ms. The test compares processor time, and
    // the minimum of several tries, to ignore other processes.
    [Fact]
    public void Import_takes_less_time_than_engine_start()
    {
        var bare = TimeSpan.MaxValue;
        var importing = TimeSpan.MaxValue;
        for (var i = 0; i < Tries; i++)
        {
            bare = Min(bare, ProcessorTime(""));
            importing = Min(importing, ProcessorTime($"Import-Module '{Suite.ModuleManifest}'; "));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{bare} without the module, {importing} with it");

        Assert.InRange(importing, TimeSpan.Zero, 1.8 * bare);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan ProcessorTime(string command)
    {
        var run = ShellProcess.Run(
            "pwsh",
            ["-c", command + "[Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime.TotalMilliseconds"]
        );
        Assert.Equal("", run.Errors);
        return TimeSpan.FromMilliseconds(double.Parse(run.Output, CultureInfo.InvariantCulture));
    }
}
