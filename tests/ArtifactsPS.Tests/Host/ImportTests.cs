using System.Globalization;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

/// <summary>What it takes to import the module.</summary>
[Collection(AloneCollection.Name)]
public sealed class ImportTests
{
    private const int Tries = 4;

    [Fact]
    public void Importing_loads_the_cmdlets_and_none_of_the_libraries_they_use_later()
    {
        var run = HostProcess.Run(
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
            run.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
                // What .NET Standard 2.0 lacks of the framework: on .NET it only points there.
                .Where(name => !name.StartsWith("Microsoft.Bcl.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
    }

    // 150 ms are promised, of half a second and more that an engine takes to start. What others do at the same time counts
    // for neither: it is the processor's time, and the least of a few tries.
    [Fact]
    public void Importing_takes_a_fraction_of_the_engines_start()
    {
        var bare = TimeSpan.MaxValue;
        var importing = TimeSpan.MaxValue;
        for (var i = 0; i < Tries; i++)
        {
            bare = Min(bare, ProcessorTime("-NoModule"));
            importing = Min(importing, ProcessorTime());
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{bare} without the module, {importing} with it");

        Assert.InRange(importing, TimeSpan.Zero, 1.8 * bare);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan ProcessorTime(params string[] options)
    {
        var run = HostProcess.Run([
            .. options,
            "-c",
            "[Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime.TotalMilliseconds",
        ]);
        Assert.Equal("", run.Errors);
        return TimeSpan.FromMilliseconds(double.Parse(run.Output, CultureInfo.InvariantCulture));
    }
}
