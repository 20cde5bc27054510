using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

public sealed class HostTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Command_line_displays_output_in_format_views()
    {
        var store = Path.Combine(_temp.Path, "store");

        var run = HostProcess.Run(
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
        var run = HostProcess.Run(
            "-c",
            "[Microsoft.PowerShell.Telemetry.ApplicationInsightsTelemetry]::CanSendTelemetry;"
                + " [Environment]::GetEnvironmentVariables().Contains('POWERSHELL_TELEMETRY_OPTOUT')"
        );

        Assert.Equal(["False", "False"], run.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Redirected_streams_contain_no_escape_sequences()
    {
        var run = HostProcess.Run(
            "-c",
            "(Get-Command New-Artifact); Get-Artifact nosuch -Store ./nowhere; $Host.UI.WriteWarningLine('careful')"
        );

        Assert.DoesNotContain('\u001b', run.Output);
        Assert.DoesNotContain('\u001b', run.Errors);
    }

    [Fact]
    public void Redirected_streams_contain_no_progress()
    {
        var file = Path.Combine(_temp.Path, "large.bin");
        using (var stream = File.Create(file))
            stream.SetLength(1L << 30);

        var run = HostProcess.Run(
            "-c",
            $"""
            $env:ARTIFACTS_STORE = (New-ArtifactStore '{_temp.Path}/store').Location
            $null = New-Artifact large dataset | Add-ArtifactFile '{file}' | Publish-Artifact
            Test-Artifact large -Quiet
            """
        );

        Assert.Equal("", run.Errors);
        Assert.Equal(["True"], Lines(run.Output));
    }

    [Fact]
    public void Errors_and_warnings_go_to_standard_error()
    {
        var run = HostProcess.Run(
            "-c",
            "'out'; Get-Artifact nosuch -Store ./nowhere; $Host.UI.WriteWarningLine('careful'); 'more'"
        );

        Assert.Equal(["out", "more"], Lines(run.Output));
        Assert.Contains("New-ArtifactStore", run.Errors, StringComparison.Ordinal);
        Assert.Contains("WARNING: careful", run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void Script_that_throws_exits_with_1()
    {
        var run = HostProcess.Run(Script("'before'; throw 'it broke'; 'after'"));

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["before"], Lines(run.Output));
        Assert.Contains("it broke", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Script_with_ErrorAction_Stop_exits_with_1_after_error()
    {
        var run = HostProcess.Run(
            Script("$ErrorActionPreference = 'Stop'\nGet-Artifact nosuch -Store ./nowhere\n'after'")
        );

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(Lines(run.Output));
        Assert.Contains("nowhere", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_line_exits_with_1_after_failed_last_statement() =>
        Assert.Equal(1, HostProcess.Run("-c", "Get-Artifact nosuch -Store ./nowhere").ExitCode);

    [Fact]
    public void Script_with_syntax_error_exits_with_1()
    {
        var run = HostProcess.Run(Script("'fine'\nif ("));

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("if (", run.Errors, StringComparison.Ordinal);

        var line = HostProcess.Run("-c", "if (");
        Assert.Equal(1, line.ExitCode);
        Assert.Contains("if (", line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Failed_program_does_not_fail_script()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no /bin/false on Windows.");

        Assert.Equal(0, HostProcess.Run(Script("/bin/sh -c 'exit 5'")).ExitCode);
        Assert.Equal(1, HostProcess.Run("-c", "/bin/sh -c 'exit 5'").ExitCode);
    }

    [Fact]
    public void Unknown_script_argument_is_error()
    {
        var run = HostProcess.Run(Script("[CmdletBinding()] param($Name)\n'ran'"), "-Nmae", "x");

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("Nmae", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(200)]
    public void Exit_code_of_script_is_returned(int code)
    {
        var run = HostProcess.Run(Script($"'before'; exit {code}; 'after'"));

        Assert.Equal(code, run.ExitCode);
        Assert.Equal(["before"], Lines(run.Output));
    }

    [Fact]
    public void Exit_code_of_command_line_is_returned() => Assert.Equal(3, HostProcess.Run("-c", "exit 3").ExitCode);

    [Fact]
    public void Script_arguments_are_bound()
    {
        var script = Script(
            "param([string] $Name, [int] $Count = 1, [switch] $Flag, [bool] $Yes, [Parameter(ValueFromRemainingArguments)] $Rest)\n"
                + "\"$Name|$Count|$Flag|$Yes|$($Rest -join ',')|$PSScriptRoot\""
        );

        var run = HostProcess.Run(script, "-Name", "with space [1]", "-Count:3", "-Flag", "-Yes:$true", "-5", "last");

        Assert.Equal("", run.Errors);
        Assert.Equal([$"with space [1]|3|True|True|-5,last|{_temp.Path}"], Lines(run.Output));
    }

    [Fact]
    public void Script_path_may_contain_brackets_and_Unicode()
    {
        var run = HostProcess.Run(Script("'rün 日本'", "scrípt [1].ps1"));

        Assert.Equal("", run.Errors);
        Assert.Equal(["rün 日本"], Lines(run.Output));
    }

    [Fact]
    public void Prompt_uses_standard_error_and_standard_input()
    {
        var store = Path.Combine(_temp.Path, "store");

        var run = HostProcess.Run("n\n", ["-c", $"New-ArtifactStore '{store}' -Confirm"]);

        Assert.Empty(Lines(run.Output));
        Assert.Contains("[Y]", run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(store));
    }

    [Fact]
    public void Unanswered_prompt_is_error()
    {
        var store = Path.Combine(_temp.Path, "store");

        var run = HostProcess.Run("-c", $"New-ArtifactStore '{store}' -Confirm");

        Assert.Equal(1, run.ExitCode);
        Assert.False(Directory.Exists(store));
    }

    [Fact]
    public void Missing_script_exits_with_64()
    {
        var run = HostProcess.Run("nowhere.ps1");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("nowhere.ps1", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Usage:", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_and_help_options_print_version_and_usage()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+\s*$", HostProcess.Run("--version").Output);
        Assert.Contains("Usage:", HostProcess.Run("--help").Output, StringComparison.Ordinal);
    }

    private string Script(string text, string name = "script.ps1")
    {
        var path = Path.Combine(_temp.Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string[] Lines(string text) => text.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries);
}
