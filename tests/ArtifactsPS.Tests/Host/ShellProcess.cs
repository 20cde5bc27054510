using System.Diagnostics;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

/// <summary>Result of a process of <c>artifacts</c> or <c>pwsh</c> with redirected streams and without profile scripts.</summary>
internal sealed record ShellProcess(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    /// <summary>Path of the Host's assembly.</summary>
    public static string Artifacts { get; } =
        Path.Combine(
            Suite.RepositoryRoot,
            "src",
            "ArtifactsPS.Host",
            "bin",
            Suite.Configuration,
            "net10.0",
            "artifacts.dll"
        );

    /// <summary>Path of the assembly of Microsoft's PowerShell, which comes from a package.</summary>
    public static string Pwsh { get; } =
        Path.Combine(
            Suite.Package("PowerShell"),
            "tools",
            "net10.0",
            "any",
            OperatingSystem.IsWindows() ? "win" : "unix",
            "pwsh.dll"
        );

    public string[] Lines => Output.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs the <c>artifacts</c> command.</summary>
    public static ShellProcess RunHost(params string[] arguments) => Run("artifacts", arguments);

    /// <summary>Runs <c>artifacts</c> or <c>pwsh</c>.</summary>
    /// <param name="program">Name of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Text for standard input.</param>
    /// <param name="environment">Further environment variables.</param>
    public static ShellProcess Run(
        string program,
        string[] arguments,
        string input = "",
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(
            DotNet.Executable,
            [program == "pwsh" ? Pwsh : Artifacts, "-NoProfile", .. arguments]
        )
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = DotNet.Root;
        // The terminal of the tests must not influence the process.
        start.Environment.Remove("COLUMNS");
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["NO_COLOR"] = "1";
        // HostTests checks the default of this variable.
        start.Environment.Remove("POWERSHELL_TELEMETRY_OPTOUT");
        if (program == "pwsh")
            start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Timeout))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} didn't end.");
        }
        return new ShellProcess(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }
}
