using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests;

/// <summary>Scenarios of W&amp;B's documentation for creating versions, with the commands of this module.</summary>
[Collection(SerialCollection.Name)]
public sealed class WandbScenarioTests : RunTests
{
    private const string Name = "artifact_name";

    [Fact]
    public void Single_run_produces_version()
    {
        Session.File("image1.png", "1");

        var version = Session.One(
            "Invoke-ArtifactRun { New-Artifact artifact_name artifact_type | Add-ArtifactFile image1.png | Publish-Artifact }"
        );

        Assert.Equal("artifact_name:v0", version.Text("Reference"));
        Assert.Equal(LastRun().Text("Id"), version.Text("RunId"));
        Assert.Equal(["artifact_name:v0"], LastRun().Get<string[]>("Outputs"));
        AssertHolds("image1.png=1");
    }

    [Fact]
    public void Version_published_outside_run_has_no_run()
    {
        Session.File("image1.png", "1");

        var version = Session.One(
            "New-Artifact artifact_name artifact_type | Add-ArtifactFile image1.png | Publish-Artifact"
        );

        Assert.Equal("artifact_name:v0", version.Text("Reference"));
        Assert.Null(version.Text("RunId"));
        Assert.Empty(Session.Run("Get-ArtifactRun"));
    }

    [Fact]
    public void Only_changed_content_makes_new_version()
    {
        Session.File("image1.png", "1");
        const string Log =
            "(New-Artifact artifact_name artifact_type | Add-ArtifactFile image1.png | Publish-Artifact).Version";

        Assert.Equal(["v0", "v0"], Session.Texts($"{Log}; {Log}"));
        Session.File("image1.png", "2");
        Assert.Equal(["v1"], Session.Texts(Log));
    }

    [Theory]
    [InlineData("-DistributedId my_dist_artifact", "")]
    [InlineData("", "-Group my_dist_artifact")]
    public void Three_runs_contribute_to_one_version(string id, string group)
    {
        foreach (var number in new[] { 1, 2, 3 })
            Session.File($"image{number}.png", $"{number}");

        Session.Run(
            $$"""
            $null = Invoke-ArtifactRun -Name 'Run 1' {{group}} {
                New-Artifact artifact_name artifact_type | Add-ArtifactFile image1.png | Set-DistributedArtifact {{id}}
            }
            $null = Invoke-ArtifactRun -Name 'Run 2' {{group}} {
                New-Artifact artifact_name artifact_type | Add-ArtifactFile image2.png | Set-DistributedArtifact {{id}}
            }
            """
        );
        Assert.Empty(Session.Run("Get-Artifact"));
        var version = Session.One(
            $$"""
            Invoke-ArtifactRun -Name 'Run 3' {{group}} {
                New-Artifact artifact_name artifact_type | Add-ArtifactFile image3.png | Complete-DistributedArtifact {{id}}
            }
            """
        );

        Assert.Equal("artifact_name:v0", version.Text("Reference"));
        AssertHolds("image1.png=1", "image2.png=2", "image3.png=3");
        Assert.Equal(
            ["Run 1", "Run 2", "Run 3"],
            Session.Texts("Get-ArtifactLineage artifact_name | Where-Object Kind -eq Run | ForEach-Object Name")
        );
    }

    [Fact]
    public void The_run_that_completes_need_not_have_files()
    {
        Session.File("image1.png", "1");

        Session.Run(
            """
            $null = New-Artifact artifact_name artifact_type | Add-ArtifactFile image1.png | Set-DistributedArtifact -DistributedId d
            $null = Complete-DistributedArtifact artifact_name artifact_type -DistributedId d
            """
        );

        AssertHolds("image1.png=1");
    }

    [Fact]
    public void Run_adds_files_without_having_the_others()
    {
        MakeFirstVersion();
        Session.File("file_to_add.txt", "added");
        Session.File("dir_to_add/x", "x");

        Session.Run(
            """
            Invoke-ArtifactRun -JobType 'modify dataset' {
                Use-Artifact artifact_name:latest | New-ArtifactDraft | Add-ArtifactFile file_to_add.txt |
                    Add-ArtifactDirectory dir_to_add -Destination dir_to_add | Publish-Artifact
            }
            """
        );

        AssertHolds("dir/a=a", "dir/b=b", "dir_to_add/x=x", "file_to_add.txt=added", "modified_file.txt=old");
        Assert.Equal(["artifact_name:v0"], LastRun().Get<string[]>("Inputs"));
        Assert.Equal(["artifact_name:v1"], LastRun().Get<string[]>("Outputs"));
    }

    [Fact]
    public void Files_and_folders_are_removed_from_an_existing_version()
    {
        MakeFirstVersion();

        Session.Run(
            "Get-Artifact artifact_name | New-ArtifactDraft | Remove-ArtifactEntry modified_file.txt | Publish-Artifact"
        );
        AssertHolds("dir/a=a", "dir/b=b");
        Session.Run("Get-Artifact artifact_name:v0 | New-ArtifactDraft | Remove-ArtifactEntry dir/ | Publish-Artifact");
        AssertHolds("modified_file.txt=old");
    }

    [Theory]
    [InlineData("Remove-ArtifactEntry modified_file.txt | Add-ArtifactFile modified_file.txt")]
    [InlineData("Add-ArtifactFile modified_file.txt -Force")]
    public void A_file_of_an_existing_version_is_corrected(string how)
    {
        MakeFirstVersion();
        Session.File("modified_file.txt", "corrected");

        Session.Run($"New-ArtifactDraft artifact_name | {how} | Publish-Artifact");

        AssertHolds("dir/a=a", "dir/b=b", "modified_file.txt=corrected");
        Assert.Equal(
            ["Modified modified_file.txt"],
            Session.Texts(
                "Compare-Artifact artifact_name:v0 artifact_name:v1 | ForEach-Object { \"$($_.Change) $($_.EntryPath)\" }"
            )
        );
    }

    [Fact]
    public void Three_runs_change_existing_version_together()
    {
        MakeFirstVersion();
        Session.File("file_to_add.txt", "added");
        Session.File("modified_file.txt", "corrected");

        Session.Run(
            """
            $null = Invoke-ArtifactRun -Name add -Group fixes {
                Use-Artifact artifact_name:v0 | New-ArtifactDraft | Add-ArtifactFile file_to_add.txt | Set-DistributedArtifact
            }
            $null = Invoke-ArtifactRun -Name remove -Group fixes {
                Use-Artifact artifact_name:v0 | New-ArtifactDraft | Remove-ArtifactEntry dir/b | Set-DistributedArtifact
            }
            $null = Invoke-ArtifactRun -Name correct -Group fixes {
                Use-Artifact artifact_name:v0 | New-ArtifactDraft | Add-ArtifactFile modified_file.txt -Force |
                    Complete-DistributedArtifact
            }
            """
        );

        AssertHolds("dir/a=a", "file_to_add.txt=added", "modified_file.txt=corrected");
        Assert.Equal(["v1"], Session.Texts("(Get-Artifact artifact_name).Version"));
        Assert.Equal(
            ["artifact_name:v0", "add", "remove", "correct", "artifact_name:v1"],
            Session.Texts("Get-ArtifactLineage artifact_name | ForEach-Object Name")
        );
    }

    private void MakeFirstVersion() =>
        Session.PublishTexts(Name, ("dir/a", "a"), ("dir/b", "b"), ("modified_file.txt", "old"));

    private void AssertHolds(params string[] entries) =>
        Assert.Equal(
            entries,
            Session.Texts(
                "Get-ArtifactEntry $args[0] | ForEach-Object { \"$($_.EntryPath)=$($_ | Get-ArtifactContent -Raw)\" }",
                Name
            )
        );
}
