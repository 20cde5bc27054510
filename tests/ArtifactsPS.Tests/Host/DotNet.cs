using System.Diagnostics;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

/// <summary>The .NET installation that runs the tests.</summary>
internal static class DotNet
{
    /// <summary>Root folder of the installation, which contains <c>dotnet</c>.</summary>
    public static string Root { get; } =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));

    public static string Executable { get; } =
        Path.Combine(Root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    /// <summary>Folder of the newest SDK; null if only a runtime is installed.</summary>
    public static string? Sdk { get; } =
        Directory.Exists(Path.Combine(Root, "sdk"))
            ? Directory
                .EnumerateDirectories(Path.Combine(Root, "sdk"))
                .Where(folder => File.Exists(Path.Combine(folder, "dotnet.dll")))
                .MaxBy(folder => folder, StringComparer.Ordinal)
            : null;

    /// <summary>Packs a project without building it.</summary>
    /// <param name="project">Folder of the project, relative to the repository.</param>
    /// <param name="output">Folder for the packages.</param>
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

    /// <summary>Runs a <c>dotnet</c> command and waits for its end.</summary>
    /// <param name="folder">The working folder.</param>
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
