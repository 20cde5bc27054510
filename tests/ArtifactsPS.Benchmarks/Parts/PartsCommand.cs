using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ArtifactsPS.Benchmarks.Parts;

/// <summary><c>parts</c>: measures parts of the module with BenchmarkDotNet, and accepts its arguments.</summary>
internal static class PartsCommand
{
    public static Command Create()
    {
        var command = new Command(
            "parts",
            "Measures parts of the module with BenchmarkDotNet. Accepts its arguments, such as --filter '*Tree*'."
        )
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(parsed =>
        {
            string[] arguments = parsed.UnmatchedTokens.Count > 0 ? [.. parsed.UnmatchedTokens] : ["--filter", "*"];
            BenchmarkSwitcher.FromAssembly(typeof(PartsCommand).Assembly).Run(arguments, Configuration());
        });
        return command;
    }

    // In this process, because projects that BenchmarkDotNet generates would inherit this repository's build settings.
    private static IConfig Configuration() =>
        ManualConfig
            .Create(DefaultConfig.Instance)
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .HideColumns(Column.Error, Column.StdDev, Column.RatioSD)
            .WithOption(ConfigOptions.DisableLogFile, value: true);
}
