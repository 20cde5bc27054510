using ArtifactsPS.Tests.Host;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

[Collection(AloneCollection.Name)]
public sealed class DistributedArtifactTests : RunTests
{
    private const string Paths = " | Get-ArtifactEntry | ForEach-Object Path";

    [Fact]
    public void A_contribution_says_what_it_adds_and_takes_away()
    {
        Session.Publish("model", "keep", "change", "gone/a", "gone/b");
        Session.File("new.txt", "12345");
        var before = DateTime.Now.AddSeconds(-1);

        var made = Session.One(
            "New-ArtifactDraft model | Add-ArtifactFile new.txt -Name change -Force | Remove-ArtifactEntry gone/ | "
                + "Set-DistributedArtifact -DistributedId job-1 -Contributor me"
        );

        Assert.Equal("DistributedContribution", made.TypeName());
        Assert.Equal("model", made.Text("Name"));
        Assert.Equal("job-1", made.Text("DistributedId"));
        Assert.Equal(1, made.Get<long>("Number"));
        Assert.Equal("me", made.Text("Contributor"));
        Assert.Equal(1, made.Get<long>("FileCount"));
        Assert.Equal(2, made.Get<long>("RemovedCount"));
        Assert.Equal(5, made.Get<long>("Size"));
        Assert.Equal("model:v0", made.Text("BaseVersion"));
        Assert.InRange(made.Get<DateTime>("At"), before, DateTime.Now.AddSeconds(1));
        Assert.Equal($"{Environment.UserName}@{Environment.MachineName}", made.Text("By"));
        Assert.Null(made.Text("RunId"));
        Assert.Equal(Session.Store, made.Text("Store"));
    }

    [Fact]
    public void Nothing_is_found_by_name_before_it_is_completed_and_all_afterwards()
    {
        Contribute("one", ("a [1].txt", "1"));
        Contribute("two", ("b/ü.txt", "2"));
        Assert.Empty(Session.Run("Get-Artifact"));
        Session.Fail("Get-Artifact joint").AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "joint");

        var version = Session.One("Complete-DistributedArtifact joint dataset -DistributedId job-1 -Alias prod -Tag t");

        Assert.Equal("joint:v0", version.Text("Reference"));
        Assert.Equal(["latest", "prod"], version.Get<string[]>("Aliases"));
        Assert.Equal(["t"], version.Get<string[]>("Tags"));
        Assert.Equal(["a [1].txt", "b/ü.txt"], Session.Texts("Get-Artifact joint" + Paths));
        Assert.Equal(["True"], Session.Texts("Test-Artifact joint -Quiet"));
    }

    [Fact]
    public void What_was_made_together_has_the_digest_of_what_was_made_by_one()
    {
        Contribute("two", ("b", "2"));
        Contribute("one", ("a", "1"));
        var alone = Session.PublishTexts("alone", ("a", "1"), ("b", "2"));

        Assert.Equal(
            [alone.Text("Digest")!],
            Session.Texts("(Complete-DistributedArtifact joint -DistributedId job-1).Digest")
        );
    }

    [Fact]
    public void The_one_who_completes_can_add_a_draft()
    {
        Contribute("one", ("a", "1"));
        Session.File("own.txt");

        Session.Run(
            "$draft = New-Artifact joint dataset | Add-ArtifactFile own.txt; $null = $draft | Complete-DistributedArtifact -DistributedId job-1"
        );

        Assert.Equal(["a", "own.txt"], Session.Texts("Get-Artifact joint" + Paths));
        Assert.Equal("ArtifactSpent", Session.Fail("$draft | Publish-Artifact").Id());
    }

    [Fact]
    public void Once_it_is_completed_contributions_are_refused_and_their_writer_is_told()
    {
        Contribute("one", ("a", "1"));
        Session.Run(
            "$null = Complete-DistributedArtifact joint -DistributedId job-1; $late = New-Artifact joint dataset"
        );

        var error = Session.Fail("$late | Set-DistributedArtifact -DistributedId job-1");

        error.AssertIs(
            "DistributedArtifactLocked",
            ErrorCategory.InvalidOperation,
            Session.Run("$late")[0].BaseObject,
            "joint:v0",
            "another distributed id"
        );
        Assert.Equal(["1"], Session.Texts("($late | Set-DistributedArtifact -DistributedId job-2).Number"));
    }

    [Fact]
    public void Completing_again_gives_the_same_version_and_moves_aliases()
    {
        Contribute("one", ("a", "1"));

        Assert.Equal(
            ["joint:v0", "joint:v0 later latest"],
            Session.Texts(
                """
                (Complete-DistributedArtifact joint -DistributedId job-1).Reference
                $again = Complete-DistributedArtifact joint -DistributedId job-1 -Alias later
                "$again $(@($again.Aliases) -eq 'later') $(@($again.Aliases) -eq 'latest')"
                """
            )
        );
        Assert.Single(Session.Run("Get-Artifact joint -AllVersions"));
    }

    [Fact]
    public void Different_content_for_a_path_is_an_error_that_names_it_and_both_writers_and_changes_nothing()
    {
        Contribute("one", ("same", "1"));
        Contribute("two", ("same", "2"));

        var error = Session.Fail("Complete-DistributedArtifact joint -DistributedId job-1");

        error.AssertIs(
            "DistributedConflict",
            ErrorCategory.ResourceExists,
            "joint",
            "'same'",
            "'one'",
            "'two'",
            "LastWins"
        );
        Assert.Empty(Session.Run("Get-Artifact"));
        Assert.Equal(["Open"], Session.Texts("(Get-DistributedArtifact joint job-1).Status"));
        Contribute("one", ("same", "2"));
        Assert.Equal(
            ["2"],
            Session.Texts("Complete-DistributedArtifact joint -DistributedId job-1 | Get-ArtifactContent -Path same")
        );
    }

    [Theory]
    [InlineData("FirstWins", "1")]
    [InlineData("LastWins", "3")]
    public void A_conflict_is_decided_as_it_is_asked_for(string action, string text)
    {
        Contribute("one", ("same", "1"));
        Contribute("two", ("same", "2"));
        Session.File("same", "3");

        Assert.Equal(
            [text],
            Session.Texts(
                "New-Artifact joint dataset | Add-ArtifactFile same | Complete-DistributedArtifact -DistributedId job-1 "
                    + "-ConflictAction $args[0] | Get-ArtifactContent -Path same",
                action
            )
        );
    }

    [Fact]
    public void The_group_of_the_run_is_the_id_and_all_runs_are_makers()
    {
        var ids = Session.Texts(
            """
            foreach ($name in 'one', 'two') {
                Invoke-ArtifactRun -Name $name -Group night {
                    $draft = New-Artifact joint dataset
                    'text' | Add-ArtifactObject -Artifact $draft -Name "$((Get-ArtifactRun -Current).Name).txt"
                    ($draft | Set-DistributedArtifact).RunId
                }
            }
            Invoke-ArtifactRun -Name last -Group night { (Complete-DistributedArtifact joint).RunId }
            """
        );

        Assert.All(
            ids,
            id => Assert.Equal(["joint:v0"], Session.One("Get-ArtifactRun $args[0]", id).Get<string[]>("Outputs"))
        );
        Assert.Equal("last", LastRun().Text("Name"));
        Assert.Equal(ids[2], LastRun().Text("Id"));
    }

    [Fact]
    public void The_group_can_come_from_the_environment_without_a_run()
    {
        Surroundings = (null, "outside");

        Assert.Equal(["outside"], Session.Texts("(New-Artifact a t | Set-DistributedArtifact).DistributedId"));
        Assert.Equal(["a:v0"], Session.Texts("Complete-DistributedArtifact a"));
    }

    [Fact]
    public void Processes_contribute_side_by_side()
    {
        var children = Enumerable
            .Range(0, 3)
            .AsParallel()
            .WithDegreeOfParallelism(3)
            .Select(i =>
                HostProcess.Run(
                    "-c",
                    $"$draft = New-Artifact joint dataset -Store '{Session.Store}'; 'text' | Add-ArtifactObject -Artifact $draft "
                        + $"-Name 'part {i}.txt'; ($draft | Set-DistributedArtifact -DistributedId job-1).Contributor"
                )
            )
            .ToArray();

        Assert.All(children, child => Assert.Equal("", child.Errors));
        Assert.Equal(3, children.Select(child => child.Output).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            ["part 0.txt", "part 1.txt", "part 2.txt"],
            Session.Texts("Complete-DistributedArtifact joint -DistributedId job-1" + Paths)
        );
    }

    [Theory]
    [InlineData("Complete-DistributedArtifact joint", "DistributedIdMissing", ErrorCategory.InvalidArgument)]
    [InlineData("Remove-DistributedArtifact joint", "DistributedIdMissing", ErrorCategory.InvalidArgument)]
    [InlineData(
        "Complete-DistributedArtifact joint -DistributedId no",
        "DistributedArtifactNotFound",
        ErrorCategory.ObjectNotFound
    )]
    [InlineData("Remove-DistributedArtifact joint no", "DistributedArtifactNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Get-DistributedArtifact joint no", "DistributedArtifactNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData(
        "Complete-DistributedArtifact joint model -DistributedId job-1",
        "ArtifactTypeMismatch",
        ErrorCategory.InvalidArgument
    )]
    [InlineData(
        "Complete-DistributedArtifact joint -DistributedId job-1 -Alias v3",
        "InvalidArtifactAlias",
        ErrorCategory.InvalidArgument
    )]
    public void What_cannot_be_done_is_an_error_and_changes_nothing(string script, string id, ErrorCategory category)
    {
        Contribute("one", ("a", "1"));
        var before = Session.StoreFiles();

        Session.Fail(script).AssertIs(id, category, "joint");

        Assert.Equal(before, Session.StoreFiles());
    }

    [Theory]
    [InlineData("New-Artifact joint model", "", "DistributedIdMissing")]
    [InlineData("New-Artifact joint model", "-DistributedId 'a/b'", "InvalidDistributedId")]
    [InlineData("New-Artifact joint model", "-DistributedId job-1", "ArtifactTypeMismatch")]
    [InlineData("New-ArtifactDraft base", "-DistributedId base-1", "DistributedBaseMismatch")]
    public void A_draft_that_cannot_be_contributed_is_an_error_about_it(string draft, string arguments, string id)
    {
        Contribute("one", ("a", "1"));
        Session.Publish("base", "a");
        Session.Run(
            "$null = New-Artifact base dataset | Set-DistributedArtifact -DistributedId base-1; $draft = " + draft
        );

        var error = Session.Fail("$draft | Set-DistributedArtifact " + arguments);

        Assert.Equal(id, error.Id());
        Assert.Equal(
            Session.Run("$draft")[0].BaseObject,
            error.TargetObject is PSObject o ? o.BaseObject : error.TargetObject
        );
    }

    [Fact]
    public void Those_that_are_open_are_found_by_name_and_id_and_completed_ones_when_asked_for()
    {
        Contribute("one", ("a", "1"));
        Session.Run(
            "$null = New-Artifact other t | Set-DistributedArtifact -DistributedId second; $null = New-Artifact done t | "
                + "Set-DistributedArtifact -DistributedId third; $null = Complete-DistributedArtifact done -DistributedId third"
        );
        const string Ids = " | ForEach-Object DistributedId";

        Assert.Equal(["job-1", "second"], Session.Texts("Get-DistributedArtifact" + Ids));
        Assert.Equal(["third", "job-1", "second"], Session.Texts("Get-DistributedArtifact -IncludeCompleted" + Ids));
        Assert.Equal(["job-1"], Session.Texts("Get-DistributedArtifact JO* j*" + Ids));
        Assert.Equal(["second", "job-1"], Session.Texts("'other', 'joint' | Get-DistributedArtifact" + Ids));
        Assert.Equal(["done:v0"], Session.Texts("(Get-DistributedArtifact done third).Version"));
        Assert.Empty(
            Session.Run("Get-DistributedArtifact no*; Get-DistributedArtifact joint n*; Get-DistributedArtifact done")
        );
    }

    [Fact]
    public void What_is_given_up_can_begin_anew()
    {
        Contribute("one", ("a", "1"));

        Assert.Empty(Session.Run("Get-DistributedArtifact joint | Remove-DistributedArtifact"));

        Assert.Empty(Session.Run("Get-DistributedArtifact"));
        Contribute("two", ("b", "2"));
        Assert.Equal(["b"], Session.Texts("Complete-DistributedArtifact joint -DistributedId job-1" + Paths));
        Assert.Equal("DistributedArtifactLocked", Session.Fail("Remove-DistributedArtifact joint job-1").Id());
    }

    [Fact]
    public void WhatIf_and_No_write_nothing()
    {
        Contribute("one", ("a", "1"));
        Session.Run("$draft = New-Artifact joint dataset");
        var before = Session.StoreFiles();
        foreach (var _ in Enumerable.Range(0, 3))
            Session.Host.Answers.Enqueue("&No");

        foreach (var how in new[] { "-WhatIf", "-Confirm" })
            Assert.Empty(
                Session.Run(
                    $"""
                    Set-DistributedArtifact $draft -DistributedId job-1 {how}
                    Complete-DistributedArtifact joint -DistributedId job-1 {how}
                    Remove-DistributedArtifact joint job-1 {how}
                    """
                )
            );

        Assert.Equal(3, Session.Host.Questions.Count);
        Assert.Equal(before, Session.StoreFiles());
        Assert.Equal(["2"], Session.Texts("($draft | Set-DistributedArtifact -DistributedId job-1).Number"));
    }

    [Fact]
    public void Contributions_and_what_they_belong_to_are_shown_as_tables()
    {
        Contribute("me", ("a", "12345"));

        Assert.Matches(
            @"Artifact: joint, distributed id job-1[\s\S]+ 1 +me +1 +0 +5 B +just now",
            Session.Show("(Get-DistributedArtifact joint).Contributions")
        );
        Assert.Matches(@"joint +job-1 +Open +1", Session.Show("Get-DistributedArtifact"));
    }

    private void Contribute(string contributor, params (string Path, string Text)[] files)
    {
        Session.Run("$draft = New-Artifact joint dataset");
        foreach (var (path, text) in files)
            Session.Run(
                "Add-ArtifactFile -LiteralPath $args[0] -Name $args[1] -Artifact $draft",
                Session.File(Path.Combine(contributor, path), text),
                path
            );
        Session.One("$draft | Set-DistributedArtifact -DistributedId job-1 -Contributor $args[0]", contributor);
    }
}
