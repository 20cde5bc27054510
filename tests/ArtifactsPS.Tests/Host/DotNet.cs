using System.Diagnostics;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

/// <summary>The .NET that runs the tests.</summary>
internal static class DotNet
{
    /// <summary>The folder of the <c>dotnet</c> that is running: <c>shared/Microsoft.NETCore.App/version</c> is below it.</summary>
    public static string Root { get; } =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));

    public static string Executable { get; } =
        Path.Combine(Root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    /// <summary>The folder of the newest SDK; null where there is only a runtime.</summary>
    public static string? Sdk { get; } =
        Directory.Exists(Path.Combine(Root, "sdk"))
            ? Directory
                .EnumerateDirectories(Path.Combine(Root, "sdk"))
                .Where(folder => File.Exists(Path.Combine(folder, "dotnet.dll")))
                .MaxBy(folder => folder, StringComparer.Ordinal)
            : null;

    /// <summary>Packs a project that is built.</summary>
    /// <param name="project">Its folder in the repository.</param>
    /// <param name="output">Where the packages go.</param>
    public static void Pack(string project, string output)
    {
        var run = Run(
            Suite.RepositoryRoot,
            "pack",
            project,
            "--no-build",
            "--configuration",
            Suite.Configuration,
            $"-p:PackageOutputPath={output}{Path.DirectorySeparatorChar}"
        );
        Assert.True(run.ExitCode == 0, run.Output);
    }

    /// <summary>Runs a <c>dotnet</c> command to its end.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">The command line.</param>
    public static (int ExitCode, string Output) Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
