using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ArtifactsPS.Benchmarks.Parts;

/// <summary><c>parts</c>: what the module is made of, with BenchmarkDotNet, whose own arguments may follow.</summary>
internal static class PartsCommand
{
    public static Command Create()
    {
        var command = new Command(
            "parts",
            "Measures the module's parts with BenchmarkDotNet; its own arguments may follow, such as --filter '*Tree*'."
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

    // In this process: what BenchmarkDotNet would build for itself falls under this repository's own build settings.
    private static IConfig Configuration() =>
        ManualConfig
            .Create(DefaultConfig.Instance)
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .HideColumns(Column.Error, Column.StdDev, Column.RatioSD)
            .WithOption(ConfigOptions.DisableLogFile, value: true);
}
