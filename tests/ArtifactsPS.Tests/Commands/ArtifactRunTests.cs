using System.Collections;
using ArtifactsPS.Tests.Host;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

[Collection(AloneCollection.Name)]
public sealed class ArtifactRunTests : RunTests
{
    [Fact]
    public void A_run_records_what_it_is_and_names_itself_in_the_environment()
    {
        var before = DateTime.Now.AddSeconds(-1);

        var run = Session.One(
            "Start-ArtifactRun -Name prepare -Group nightly -JobType load -Config @{ rate = 0.5; layers = 1, 2 }"
        );

        Assert.Equal("ArtifactRun", run.TypeName());
        Assert.Equal("prepare", run.Text("Name"));
        Assert.Equal("nightly", run.Text("Group"));
        Assert.Equal("load", run.Text("JobType"));
        var config = run.Get<Hashtable>("Config");
        Assert.Equal(0.5, config["rate"]);
        Assert.Equal([1, 2], Assert.IsType<object[]>(config["layers"]).Select(Convert.ToInt32));
        Assert.Equal("Running", run.Text("Outcome"));
        Assert.Null(run.Text("EndedAt"));
        Assert.InRange(run.Get<DateTime>("StartedAt"), before, DateTime.Now.AddSeconds(1));
        Assert.Equal(Environment.UserName, run.Text("User"));
        Assert.Equal(Environment.MachineName, run.Text("Machine"));
        Assert.Equal(Session.Texts("\"$($PSVersionTable.PSVersion)\"")[0], run.Text("PowerShellVersion"));
        Assert.Matches(@"^\d+\.\d+\.\d+$", run.Text("ModuleVersion"));
        Assert.Equal(Session.Store, run.Text("Store"));
        Assert.Equal((run.Text("Id"), "nightly"), Surroundings);
    }

    [Fact]
    public void What_a_configuration_s_excluded_keys_hold_is_nowhere_in_the_store()
    {
        var run = Session.One(
            "$secure = [securestring]::new()\n"
                + "$config = @{ rows = 3; apiTOKEN = 's3cret'; db = @{ user = 'me'; password = $secure }; list = @(@{ token = 's3cret' }) }\n"
                + "Start-ArtifactRun -Name load -Config $config -ExcludeConfig *token*, password"
        );

        var config = run.Get<Hashtable>("Config");
        Assert.Equal(["db", "list", "rows"], config.Keys.Cast<string>().Order(StringComparer.Ordinal));
        Assert.Equal(["user"], ((Hashtable)config["db"]!).Keys.Cast<string>());
        Session.Run("Stop-ArtifactRun");
        foreach (var file in Directory.GetFiles(Session.Store, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("s3cret", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(
            "InvalidMetadata",
            Session.Fail("Start-ArtifactRun -Config $config").FullyQualifiedErrorId.Split(',')[0]
        );
    }

    [Fact]
    public void What_is_used_and_published_is_recorded_until_the_run_is_stopped()
    {
        Session.Publish("raw", "a");
        Session.Run("$null = Start-ArtifactRun -Name train; $null = Use-Artifact raw");
        var model = Session.Publish("model", "m");
        var stopped = Session.One("Stop-ArtifactRun");
        var after = Session.Publish("after", "a");

        Assert.Equal(stopped.Text("Id"), model.Text("RunId"));
        Assert.Null(after.Text("RunId"));
        Assert.Equal("Succeeded", stopped.Text("Outcome"));
        Assert.Equal(["raw:v0"], stopped.Get<string[]>("Inputs"));
        Assert.Equal(["model:v0"], stopped.Get<string[]>("Outputs"));
        Assert.Equal((null, null), Surroundings);
    }

    [Fact]
    public void A_run_within_a_run_is_of_its_group_and_gives_way_to_it_again()
    {
        var outer = Session.One("Start-ArtifactRun -Name outer -Group g").Text("Id");
        var inner = Session.One("Start-ArtifactRun -Name inner");

        Assert.Equal("g", inner.Text("Group"));
        Assert.Equal(["inner"], Session.Texts("(Get-ArtifactRun -Current).Name"));
        Session.Run("Stop-ArtifactRun");
        Assert.Equal(["outer"], Session.Texts("(Get-ArtifactRun -Current).Name"));
        Assert.Equal((outer, "g"), Surroundings);
    }

    [Fact]
    public void An_outer_run_can_be_stopped_first()
    {
        Session.Run(
            "$outer = Start-ArtifactRun -Name outer; $null = Start-ArtifactRun -Name inner; $outer | Stop-ArtifactRun"
        );

        Assert.Equal(["inner"], Session.Texts("(Get-ArtifactRun -Current).Name"));
        Session.Run("Stop-ArtifactRun");
        Assert.Equal((null, null), Surroundings);
        Session.Fail("Get-ArtifactRun -Current").AssertIs("NoActiveRun", ErrorCategory.InvalidOperation, null);
    }

    [Fact]
    public void Runs_of_two_sessions_leave_the_environment_as_it_was_in_whichever_order_they_end()
    {
        Surroundings = (null, "outside");
        using var other = new PowerShellSession();
        Session.Run("$null = Start-ArtifactRun -Name first");
        var second = other.One("Start-ArtifactRun -Name second").Text("Id");

        Session.Run("Stop-ArtifactRun");
        Assert.Equal((second, "outside"), Surroundings);
        other.Run("Stop-ArtifactRun");
        Assert.Equal((null, "outside"), Surroundings);
    }

    [Fact]
    public void A_child_process_is_part_of_the_run_and_of_its_group()
    {
        Session.Publish("raw", "a");
        var run = Session.One("Start-ArtifactRun -Name parent -Group family").Text("Id")!;

        var child = HostProcess.Run(
            "-c",
            $$"""
            $PSDefaultParameterValues = @{ '*:Store' = '{{Session.Store}}' }
            $null = Use-Artifact raw
            $null = New-Artifact made dataset | Publish-Artifact
            $made = New-Artifact shared dataset | Set-DistributedArtifact
            "$($made.DistributedId) $($made.RunId)"
            "$((Start-ArtifactRun -Name child).Group) $((Stop-ArtifactRun).Name)"
            (Get-ArtifactRun -Current).Name
            """
        );
        Session.Run("$null = Complete-DistributedArtifact shared");
        var parent = Session.One("Stop-ArtifactRun");

        Assert.Equal("", child.Errors);
        Assert.Equal(
            [$"family {run}", "family child", "parent"],
            child.Output.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Equal(["raw:v0"], parent.Get<string[]>("Inputs"));
        Assert.Equal(["made:v0", "shared:v0"], parent.Get<string[]>("Outputs"));
    }

    [Fact]
    public void A_child_process_can_stop_the_run_it_is_part_of()
    {
        var run = Session.One("Start-ArtifactRun").Text("Id");

        HostProcess.Run("-c", $"Stop-ArtifactRun -Failed -Message 'by the child' -Store '{Session.Store}'");

        Assert.Equal(
            ["Failed by the child"],
            Session.Texts("Get-ArtifactRun $args[0] | % { \"$($_.Outcome) $($_.Message)\" }", run)
        );
    }

    [Fact]
    public void Of_several_ends_the_first_stands()
    {
        var id = Session.One("Start-ArtifactRun").Text("Id");

        Session.Run("Stop-ArtifactRun -Failed -Message 'no space'");
        var again = Session.One("Stop-ArtifactRun $args[0] -Message fine", id);

        Assert.Equal("Failed", again.Text("Outcome"));
        Assert.Equal("no space", again.Text("Message"));
    }

    [Fact]
    public void A_run_in_another_store_is_stopped_there()
    {
        Session.Run(
            "$null = New-ArtifactStore ./other; $PSDefaultParameterValues.Clear(); $null = Start-ArtifactRun -Store ./other"
        );

        Assert.Equal(Path.Combine(Session.Folder, "other"), Session.One("Get-ArtifactRun -Current").Text("Store"));
        Assert.Equal("Succeeded", Session.One("Stop-ArtifactRun").Text("Outcome"));
    }

    [Fact]
    public void WhatIf_and_No_start_and_stop_nothing()
    {
        var before = Session.StoreFiles();
        Session.Host.Answers.Enqueue("&No");
        Assert.Empty(Session.Run("Start-ArtifactRun -WhatIf; Start-ArtifactRun -Confirm"));
        Assert.Equal(before, Session.StoreFiles());

        Session.Run("$null = Start-ArtifactRun");
        before = Session.StoreFiles();
        Session.Host.Answers.Enqueue("&No");
        Assert.Empty(Session.Run("Stop-ArtifactRun -WhatIf; Stop-ArtifactRun -Confirm"));
        Assert.Equal(before, Session.StoreFiles());
        Assert.NotNull(Surroundings.Id);
    }

    [Theory]
    [InlineData("Stop-ArtifactRun nosuch", "ArtifactRunNotFound", ErrorCategory.ObjectNotFound, "nosuch")]
    [InlineData("Stop-ArtifactRun 'a/b'", "InvalidArtifactRun", ErrorCategory.InvalidArgument, "a/b")]
    [InlineData("Stop-ArtifactRun", "NoActiveRun", ErrorCategory.InvalidOperation, null)]
    [InlineData("Get-ArtifactRun nosuch", "ArtifactRunNotFound", ErrorCategory.ObjectNotFound, "nosuch")]
    [InlineData("Start-ArtifactRun -Name x -Group 'a b'", "InvalidArtifactRun", ErrorCategory.InvalidArgument, "x")]
    [InlineData("Use-Artifact nosuch", "ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch")]
    public void What_is_not_there_or_cannot_be_is_an_error_about_it(
        string script,
        string id,
        ErrorCategory category,
        string? target
    )
    {
        Session.Fail(script).AssertIs(id, category, target);

        Assert.Equal((null, null), Surroundings);
    }

    [Fact]
    public void Runs_are_found_by_id_name_and_group_the_first_first()
    {
        var first = Session.Texts("Invoke-ArtifactRun -Name Load -Group a { (Get-ArtifactRun -Current).Id }")[0];
        Session.Run("Invoke-ArtifactRun -Name train -Group b { }; Invoke-ArtifactRun -Name train { }");

        Assert.Equal(["Load", "train", "train"], Session.Texts("(Get-ArtifactRun).Name"));
        Assert.Equal(["Load"], Session.Texts("(Get-ArtifactRun $args[0]).Name", first));
        Assert.Equal(["train"], Session.Texts("(Get-ArtifactRun TR* -Group B, c).Name"));
        Assert.Equal(["Load", "train"], Session.Texts("(Get-ArtifactRun -Group [ab]).Name"));
        Assert.Empty(Session.Run("Get-ArtifactRun no*; Get-ArtifactRun -Group no"));
        Session.Try("'nosuch', 'load' | Get-ArtifactRun | ForEach-Object Name");
        Assert.Equal("nosuch", Assert.Single(Session.Errors).TargetObject);
    }

    [Fact]
    public void Using_a_version_outside_of_a_run_writes_nothing_to_the_store()
    {
        Session.Publish("raw", "a");
        var before = Session.StoreFiles();

        Assert.Equal(["raw:v0"], Session.Texts("Use-Artifact raw"));

        Assert.Equal(before, Session.StoreFiles());
    }

    [Fact]
    public void Using_a_version_under_WhatIf_finds_it_and_records_nothing()
    {
        Session.Publish("raw", "a");

        Assert.Equal(
            ["raw:v0", "0"],
            Session.Texts("Invoke-ArtifactRun { Use-Artifact raw -WhatIf; @((Get-ArtifactRun -Current).Inputs).Count }")
        );
    }

    [Fact]
    public void Runs_are_shown_as_a_table()
    {
        Session.Run("$null = Invoke-ArtifactRun -Name train -Group g { New-Artifact model t | Publish-Artifact }");

        var shown = Session.Show("Get-ArtifactRun");

        Assert.Matches(@"Id +Name +Group +Outcome", shown);
        Assert.Matches(@"train +g +Succeeded .* model:v0", shown);
    }
}
