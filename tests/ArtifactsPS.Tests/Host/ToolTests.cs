using System.Diagnostics;
using System.Runtime.InteropServices;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

/// <summary>The Host as a .NET tool and as a self-contained program.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tool_installed_from_its_package_runs_commands()
    {
        // Packing the same project twice at once fails.
        Assert.SkipWhen(Suite.Flavour != "net8.0", "The tool is the same for all flavours.");
        Assert.SkipWhen(DotNet.Sdk is null, "Only an SDK packs and installs tools.");
        var tools = Path.Combine(_folder.Path, "tools");
        DotNet.Pack("src/ArtifactsPS.Host", _folder.Path);
        // Only this package source is used.
        var configuration = Path.Combine(_folder.Path, "NuGet.config");
        File.WriteAllText(
            configuration,
            $"<configuration><packageSources><clear/><add key=\"built\" value=\"{_folder.Path}\"/></packageSources></configuration>"
        );

        var install = DotNet.Run(
            _folder.Path,
            "tool",
            "install",
            "ArtifactsPS.Tool",
            "--tool-path",
            tools,
            "--configfile",
            configuration
        );

        Assert.True(install.ExitCode == 0, install.Output);
        Assert.Equal(
            ["5", tools],
            RunTool(tools, "2 + 3; (Get-Module Artifacts).ModuleBase.Substring(0, $env:TOOLS.Length)")
        );
        // The tool also contains the libraries that the module loads after the import.
        Assert.Equal(
            ["packages:v0"],
            RunTool(
                tools,
                """
                $store = (New-ArtifactStore "$env:TOOLS/the store").Location
                $draft = New-Artifact packages dataset -Store $store | Add-ArtifactFile "$env:TOOLS/../*.nupkg"
                (Publish-Artifact $draft).Reference
                """
            )
        );
    }

    [Fact]
    public void Self_contained_host_runs_commands()
    {
        Assert.SkipWhen(Suite.Flavour != "net8.0", "The host is the same for all flavours.");
        Assert.SkipWhen(DotNet.Sdk is null, "Only an SDK publishes programs.");
        var system = RuntimeInformation.RuntimeIdentifier;
        var folder = Path.Combine(_folder.Path, "host");
        // Its references are built already, and other tests use them.
        var publish = DotNet.Run(
            Suite.RepositoryRoot,
            "publish",
            "src/ArtifactsPS.Host",
            "-c",
            Suite.Configuration,
            "-r",
            system,
            "--self-contained",
            "-o",
            folder,
            "-p:BuildProjectReferences=false"
        );
        Assert.SkipWhen(
            publish.Output.Contains("NU110", StringComparison.Ordinal),
            $"The runtime pack for {system} is not available: {publish.Output}"
        );
        Assert.True(publish.ExitCode == 0, publish.Output);

        Assert.Equal(
            ["artifacts.runtimeconfig.json:v0", "True"],
            RunTool(
                folder,
                """
                $store = (New-ArtifactStore "$env:TOOLS/../store").Location
                $draft = New-Artifact host model -Store $store | Add-ArtifactFile "$env:TOOLS/*.runtimeconfig.json"
                "$((Get-ArtifactEntry -Artifact $draft).EntryPath):$((Publish-Artifact $draft).Version)"
                [object].Assembly.Location.StartsWith($env:TOOLS)
                """
            )
        );
    }

    private static string[] RunTool(string tools, string line)
    {
        var start = new ProcessStartInfo(
            Path.Combine(tools, OperatingSystem.IsWindows() ? "artifacts.exe" : "artifacts"),
            ["-NoProfile", "-c", line]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = DotNet.Root;
        start.Environment["TOOLS"] = tools;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal("", errors.GetAwaiter().GetResult());
        Assert.Equal(0, process.ExitCode);
        return output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
