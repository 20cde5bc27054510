using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

public sealed class HostTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Runs_a_line_with_the_module_and_shows_output_through_format_views()
    {
        var store = Path.Combine(_temp.Path, "store");

        var run = HostProcess.Run(
            "-c",
            $"$null = New-ArtifactStore '{store}'; New-Artifact model dataset -Store '{store}' | Publish-Artifact"
        );

        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches("Name +Version +Type +Files", run.Output);
        Assert.Matches("model +v0 +dataset", run.Output);
    }

    [Fact]
    public void The_engine_reports_to_nobody_and_programs_that_a_script_starts_decide_for_themselves()
    {
        var run = HostProcess.Run(
            "-c",
            "[Microsoft.PowerShell.Telemetry.ApplicationInsightsTelemetry]::CanSendTelemetry;"
                + " [Environment]::GetEnvironmentVariables().Contains('POWERSHELL_TELEMETRY_OPTOUT')"
        );

        Assert.Equal(["False", "False"], run.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Uses_no_escape_sequences_where_nothing_is_a_terminal()
    {
        var run = HostProcess.Run(
            "-c",
            "(Get-Command New-Artifact); Get-Artifact nosuch -Store ./nowhere; $Host.UI.WriteWarningLine('careful')"
        );

        Assert.DoesNotContain('\u001b', run.Output);
        Assert.DoesNotContain('\u001b', run.Errors);
    }

    [Fact]
    public void Long_work_shows_no_progress_where_nothing_is_a_terminal()
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
    public void Errors_and_warnings_go_to_standard_error_and_output_does_not()
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
    public void Ends_with_1_when_a_script_fails()
    {
        var run = HostProcess.Run(Script("'before'; throw 'it broke'; 'after'"));

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["before"], Lines(run.Output));
        Assert.Contains("it broke", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Ends_with_1_when_an_error_is_to_stop_a_script()
    {
        var run = HostProcess.Run(
            Script("$ErrorActionPreference = 'Stop'\nGet-Artifact nosuch -Store ./nowhere\n'after'")
        );

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(Lines(run.Output));
        Assert.Contains("nowhere", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_ends_with_1_when_its_last_statement_failed() =>
        Assert.Equal(1, HostProcess.Run("-c", "Get-Artifact nosuch -Store ./nowhere").ExitCode);

    [Fact]
    public void A_script_that_cannot_be_parsed_ends_with_1_and_says_where()
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
    public void A_program_that_fails_within_a_script_does_not_make_the_script_fail()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no /bin/false on Windows.");

        Assert.Equal(0, HostProcess.Run(Script("/bin/sh -c 'exit 5'")).ExitCode);
        Assert.Equal(1, HostProcess.Run("-c", "/bin/sh -c 'exit 5'").ExitCode);
    }

    [Fact]
    public void An_argument_that_a_script_does_not_take_is_an_error()
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
    public void Passes_on_what_a_script_exits_with(int code)
    {
        var run = HostProcess.Run(Script($"'before'; exit {code}; 'after'"));

        Assert.Equal(code, run.ExitCode);
        Assert.Equal(["before"], Lines(run.Output));
    }

    [Fact]
    public void A_line_can_exit_too() => Assert.Equal(3, HostProcess.Run("-c", "exit 3").ExitCode);

    [Fact]
    public void Binds_the_arguments_of_a_script()
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
    public void Runs_a_script_whose_path_has_brackets_and_letters_beyond_ASCII()
    {
        var run = HostProcess.Run(Script("'rün 日本'", "scrípt [1].ps1"));

        Assert.Equal("", run.Errors);
        Assert.Equal(["rün 日本"], Lines(run.Output));
    }

    [Fact]
    public void Asks_on_standard_error_and_takes_the_answer_from_standard_input()
    {
        var store = Path.Combine(_temp.Path, "store");

        var run = HostProcess.Run("n\n", ["-c", $"New-ArtifactStore '{store}' -Confirm"]);

        Assert.Empty(Lines(run.Output));
        Assert.Contains("[Y]", run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(store));
    }

    [Fact]
    public void An_unanswered_question_is_an_error_and_not_a_Yes()
    {
        var store = Path.Combine(_temp.Path, "store");

        var run = HostProcess.Run("-c", $"New-ArtifactStore '{store}' -Confirm");

        Assert.Equal(1, run.ExitCode);
        Assert.False(Directory.Exists(store));
    }

    [Fact]
    public void A_script_that_is_not_there_is_a_fault_of_the_command_line()
    {
        var run = HostProcess.Run("nowhere.ps1");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("nowhere.ps1", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Usage:", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_its_version_and_usage()
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
