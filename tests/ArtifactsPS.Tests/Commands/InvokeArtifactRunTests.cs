using ArtifactsPS.Tests.Host;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

[Collection(AloneCollection.Name)]
public sealed class InvokeArtifactRunTests : RunTests
{
    [Fact]
    public void The_block_is_a_run_and_its_output_comes_as_it_is_written()
    {
        var order = Session.Texts(
            """
            $order = [System.Collections.ArrayList]::new()
            Invoke-ArtifactRun -Name n -Group g { foreach ($i in 1, 2) { $null = $order.Add("wrote $i"); $i } } |
                ForEach-Object { $null = $order.Add("got $_") }
            $order
            """
        );

        Assert.Equal(["wrote 1", "got 1", "wrote 2", "got 2"], order);
        var run = LastRun();
        Assert.Equal("n", run.Text("Name"));
        Assert.Equal("g", run.Text("Group"));
        Assert.Equal("Succeeded", run.Text("Outcome"));
        Assert.NotNull(run.Text("EndedAt"));
        Assert.Equal((null, null), Surroundings);
    }

    [Fact]
    public void The_block_gets_its_arguments_and_a_scope_of_its_own()
    {
        Assert.Equal(
            ["one|2 3|four", "outside"],
            Session.Texts(
                """
                $around = 'outside'
                Invoke-ArtifactRun { param($a, $b) $around = 'inside'; "$a|$b|$args" } -ArgumentList one, (2, 3), four
                $around
                """
            )
        );
    }

    [Fact]
    public void Errors_and_warnings_of_the_block_go_through_and_it_goes_on()
    {
        var output = Session.Try(
            "Invoke-ArtifactRun { Get-Artifact nosuch; $null = New-Artifact a t -Metadata @{ x = 1 } | Publish-Artifact; "
                + "$null = New-Artifact a t -Metadata @{ x = 2 } | Publish-Artifact; 'done' }"
        );

        Assert.Equal("done", Assert.Single(output).BaseObject);
        Assert.Equal("ArtifactNotFound", Assert.Single(Session.Errors).Id());
        Assert.Single(Session.Warnings);
        Assert.Equal("Succeeded", LastRun().Text("Outcome"));
    }

    [Fact]
    public void Errors_of_the_block_can_be_redirected_to_the_output()
    {
        var output = Session.Run("Invoke-ArtifactRun { Get-Artifact nosuch; 'done' } 2>&1");

        Assert.IsType<ErrorRecord>(output[0].BaseObject);
        Assert.Equal("done", output[1].BaseObject);
    }

    [Fact]
    public void A_block_that_throws_ends_the_run_as_failed_and_throws()
    {
        var output = Session.Try("Invoke-ArtifactRun { 'before'; throw 'it broke' }; 'after'");

        Assert.Equal(["before"], output.Select(item => item.BaseObject));
        Assert.Equal("it broke", Assert.Single(Session.Errors).Exception.Message);
        Assert.Equal("Failed", LastRun().Text("Outcome"));
        Assert.Equal("it broke", LastRun().Text("Message"));
        Assert.Equal((null, null), Surroundings);
    }

    [Fact]
    public void A_block_that_is_stopped_ends_the_run_as_failed()
    {
        Session.Run(
            """
            function Show-Progress {
                [CmdletBinding()]
                param()
                $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'Working', 'on it'))
            }
            """
        );

        Session.Interrupt(
            "Invoke-ArtifactRun { Show-Progress; while ($true) { [System.Threading.Thread]::Sleep(20) } }"
        );

        Assert.Equal("Failed", LastRun().Text("Outcome"));
        Assert.Equal("It was stopped.", LastRun().Text("Message"));
        Assert.Equal((null, null), Surroundings);
    }

    [Theory]
    [InlineData("return")]
    [InlineData("break")]
    [InlineData("continue")]
    public void A_block_that_is_left_on_purpose_has_not_failed(string statement)
    {
        Session.Run($"foreach ($once in 1) {{ Invoke-ArtifactRun {{ {statement} }} }}");

        Assert.Equal("Succeeded", LastRun().Text("Outcome"));
        Assert.Equal((null, null), Surroundings);
    }

    [Theory]
    [InlineData(0, "Succeeded", null)]
    [InlineData(3, "Failed", "It exited with 3.")]
    public void A_block_that_exits_ends_the_script_with_its_code(int code, string outcome, string? message)
    {
        var host = HostProcess.Run(
            "-c",
            $"Invoke-ArtifactRun -Store '{Session.Store}' {{ 'before'; exit {code} }}; 'after'"
        );

        Assert.Equal(code, host.ExitCode);
        Assert.Equal("before", host.Output.Trim());
        Assert.Equal(outcome, LastRun().Text("Outcome"));
        Assert.Equal(message, LastRun().Text("Message"));
    }

    [Theory]
    [InlineData("-Group 'a/b'", "InvalidArtifactRun")]
    [InlineData("-Store ./nosuch", "StoreNotFound")]
    [InlineData("-Config @{ block = { } }", "InvalidMetadata")]
    public void Where_the_run_cannot_be_started_the_block_is_not_run(string arguments, string id)
    {
        var output = Session.Try($"Invoke-ArtifactRun {arguments} {{ 'ran' }}; 'after'");

        Assert.DoesNotContain("ran", output.Select(item => item.BaseObject));
        Assert.Equal(id, Assert.Single(Session.Errors).Id());
        Assert.Empty(Session.Run("Get-ArtifactRun"));
    }
}
