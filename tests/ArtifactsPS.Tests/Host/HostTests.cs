using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

public sealed class HostTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public HostTests() =>
        Assert.SkipWhen(Suite.Flavour != "net8.0", "The Host is the same for both target frameworks of the module.");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Process_ends_when_the_module_fails_to_import()
    {
        var run = ShellProcess.Run("artifacts", ["-c", "1"], environment: ("ARTIFACTS_TFM", "unknown"));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("not built for unknown", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_displays_output_in_format_views()
    {
        var store = Path.Combine(_temp.Path, "store");

        var run = ShellProcess.RunHost(
            "-c",
            $"$null = New-ArtifactStore '{store}'; New-Artifact model dataset -Store '{store}' | Publish-Artifact -AllowEmpty"
        );

        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches("Name +Version +Type +Files", run.Output);
        Assert.Matches("model +v0 +dataset", run.Output);
    }

    [Fact]
    public void Telemetry_is_off_without_environment_variable()
    {
        var run = ShellProcess.RunHost(
            "-c",
            "[Microsoft.PowerShell.Telemetry.ApplicationInsightsTelemetry]::CanSendTelemetry;"
                + " [Environment]::GetEnvironmentVariables().Contains('POWERSHELL_TELEMETRY_OPTOUT')"
        );

        Assert.Equal(["False", "False"], run.Lines);
    }

    [Fact]
    public void Host_has_modules_of_PowerShell()
    {
        var run = ShellProcess.Run(
            "artifacts",
            [
                "-Command",
                """
                $ErrorActionPreference = 'Stop'
                Set-Location $env:TEST_FOLDER
                New-Item folder/file -ItemType File -Force -Value text | Get-FileHash | ForEach-Object Algorithm
                Compress-Archive folder folder.zip
                (ConvertTo-SecureString secret -AsPlainText).Length
                (Get-Process -Id $PID).Id -eq $PID
                (New-PSDrive store Artifact (New-ArtifactStore ./store).Location).Name
                (Get-ChildItem -Filter *.zip).Name
                (Get-Command Start-ThreadJob, Set-PSReadLineOption, Install-PSResource).Count
                [IO.File]::Exists("$PSHOME/ref/System.Runtime.dll")
                """,
            ],
            "",
            ("TEST_FOLDER", _temp.Path)
        );

        Assert.Equal("", run.Errors);
        Assert.Equal(["SHA256", "6", "True", "store", "folder.zip", "3", "True"], run.Lines);
    }

    [Fact]
    public void Input_is_read_as_interactive_session()
    {
        var run = ShellProcess.Run("artifacts", [], "(Get-Module Artifacts).Name + '!'\nexit 4\n");

        Assert.StartsWith("Artifacts 0.", run.Output, StringComparison.Ordinal);
        Assert.Contains("PS ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Artifacts!", run.Output, StringComparison.Ordinal);
        Assert.Equal(4, run.ExitCode);
    }

    [Fact]
    public void Exit_codes_equal_those_of_pwsh()
    {
        string[][] commands =
        [
            [Script("exit 200")],
            ["-File", Script("throw 'it broke'")],
            [Script("if (")],
            [Script("Get-Item nowhere")],
            [Path.Combine(_temp.Path, "nowhere.ps1")],
            ["-c", "Get-Item nowhere"],
            ["-NoSuchOption"],
        ];
        var expected = new int[commands.Length];
        var actual = new int[commands.Length];

        Parallel.For(
            0,
            2 * commands.Length,
            i =>
                (i % 2 == 0 ? expected : actual)[i / 2] = ShellProcess
                    .Run(i % 2 == 0 ? "pwsh" : "artifacts", commands[i / 2])
                    .ExitCode
        );

        Assert.Equal(expected, actual);
        Assert.Equal([200, 1, 1, 0, 64, 1, 64], actual);
    }

    [Fact]
    public void Script_arguments_are_bound()
    {
        var script = Script(
            "param([string] $Name, [int] $Count = 1, [switch] $Flag, [bool] $Yes, [Parameter(ValueFromRemainingArguments)] $Rest)\n"
                + "\"$Name|$Count|$Flag|$Yes|$($Rest -join ',')|$PSScriptRoot|日本\"",
            "scrípt [1].ps1"
        );

        var run = ShellProcess.RunHost(
            script,
            "-Name",
            "with space [1]",
            "-Count:3",
            "-Flag",
            "-Yes:$true",
            "-5",
            "last"
        );

        Assert.Equal("", run.Errors);
        Assert.Equal([$"with space [1]|3|True|True|-5,last|{_temp.Path}|日本"], run.Lines);
    }

    [Theory]
    [InlineData("-Version", @"^Artifacts \d+\.\d+\.\d+ in PowerShell 7\.\d+\.\d+\s*$")]
    [InlineData("-Help", @"artifacts \[options\] SCRIPT\.ps1")]
    public void Version_and_help_options_print_text(string option, string expected)
    {
        // ShellProcess adds -NoProfile, which the version doesn't go with.
        var run = DotNet.Run(_temp.Path, ShellProcess.Artifacts, option);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(expected, run.Output);
    }

    private string Script(string text, string? name = null)
    {
        var path = Path.Combine(_temp.Path, name ?? $"{Guid.NewGuid():N}.ps1");
        File.WriteAllText(path, text);
        return path;
    }
}
