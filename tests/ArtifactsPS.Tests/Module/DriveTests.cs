using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

/// <summary>The drive, through the engine itself: its commands for drives are not part of the bare engine.</summary>
public sealed class DriveTests : SessionTests
{
    public DriveTests()
    {
        Session.PublishTexts("m", ("a.txt", "1\n2\n"), ("x [1]/b", "deep"), ("x [1]/y/c", ""));
        Session.PublishTexts("m", ("a.txt", "new"));
        Session.Run(
            """
            Set-ArtifactAlias m:v0 prod
            $provider = $ExecutionContext.SessionState.Provider.GetOne('Artifact')
            $drive = [Management.Automation.PSDriveInfo]::new('art', $provider, $args[0], '', $null)
            $null = $ExecutionContext.SessionState.Drive.New($drive, 'Global')
            $items = $ExecutionContext.InvokeProvider
            """,
            Session.Store
        );
    }

    [Theory]
    [InlineData("art:/", "m")]
    [InlineData("art:/M", "v0,v1,latest,prod")]
    [InlineData("art:/m/prod", "a.txt,x [1]")]
    [InlineData("art:\\m\\V0\\x [1]", "b,y")]
    [InlineData("art:/m/latest", "a.txt")]
    public void Each_level_lists_what_is_below(string path, string names) =>
        Assert.Equal(
            names.Split(','),
            Session.Texts("$items.ChildItem.Get(@($args[0]), $false, $true, $true) | ForEach-Object PSChildName", path)
        );

    [Fact]
    public void Listing_at_any_depth_goes_through_versions_and_not_through_aliases() =>
        Assert.Equal(
            [
                "art/m",
                "art/m/v0",
                "art/m/v0/a.txt",
                "art/m/v0/x [1]",
                "art/m/v0/x [1]/b",
                "art/m/v0/x [1]/y",
                "art/m/v0/x [1]/y/c",
                "art/m/v1",
                "art/m/v1/a.txt",
                "art/m/latest",
                "art/m/prod",
            ],
            Session
                .Texts("$items.ChildItem.Get('art:/', $true) | ForEach-Object PSPath")
                .Select(path => path.Split("::")[1].Replace('\\', '/'))
        );

    [Theory]
    [InlineData("art:/m", "ArtifactSummary", true)]
    [InlineData("art:/m/v0", "ArtifactVersion", true)]
    [InlineData("art:/m/prod/x [1]", "ArtifactFolder", true)]
    [InlineData("art:/m/prod/a.txt", "ArtifactEntry", false)]
    public void Items_are_objects_that_know_their_place(string path, string type, bool isContainer)
    {
        var item = Session.One("$items.Item.Get(@($args[0]), $false, $true)", path);

        Assert.Equal(type, item.TypeName());
        Assert.Equal(isContainer, item.Get<bool>("PSIsContainer"));
        Assert.Equal("art", item.Text("PSDrive"));
        Assert.Equal(
            item.Text("PSPath"),
            Session.One("$items.Item.Get(@($args[0]), $false, $true)", item.Text("PSPath")).Text("PSPath")
        );
    }

    [Theory]
    [InlineData("art:/n")]
    [InlineData("art:/m/v7")]
    [InlineData("art:/m/none")]
    [InlineData("art:/m/v0/A.TXT")]
    [InlineData("art:/m/v0/a.txt/b")]
    [InlineData("art:/a b/c:d")]
    public void What_is_not_there_does_not_exist(string path) =>
        Assert.Equal(["False"], Session.Texts("$items.Item.Exists($args[0])", path));

    [Fact]
    public void Items_go_down_the_pipeline_as_what_they_are()
    {
        Session.Run("$items.Item.Get(@('art:/m/prod/x [1]'), $false, $true) | Save-Artifact -Destination out");
        Session.Run("$items.Item.Get('art:/m/prod/a.txt') | Save-Artifact -Destination out");

        Assert.Equal("deep", File.ReadAllText(Path.Combine(Session.Folder, "out", "x [1]", "b")));
        Assert.Equal("1\n2\n", File.ReadAllText(Path.Combine(Session.Folder, "out", "a.txt")));
        Assert.Equal(["m:v0"], Session.Texts("$items.Item.Get('art:/m/prod') | Get-Artifact"));
    }

    [Fact]
    public void Content_is_read_in_lines()
    {
        Session.Run("$reader = $items.Content.GetReader('art:/m/prod/a.txt')[0]");

        Assert.Equal(["1"], Session.Texts("$reader.Read(1)"));
        Assert.Equal(["2"], Session.Texts("$reader.Read(0)"));
        Assert.Empty(Session.Texts("$reader.Read(1); $reader.Close()"));
    }

    [Fact]
    public void Only_a_version_can_be_removed_and_by_the_rules_of_Remove_Artifact()
    {
        AssertFails("DriveReadOnly", "$items.Item.Remove('art:/m/v1/a.txt', $true)");
        AssertFails("DriveReadOnly", "$items.Item.Remove('art:/m', $true)");
        AssertFails("AliasInUse", "$items.Item.Remove('art:/m/v0', $true)");

        Session.Run("$items.Item.Remove(@('art:/m/v0'), $true, $true, $true)");

        Assert.Equal(["m:v1"], Session.Texts("Get-Artifact m -AllVersions"));
    }

    [Fact]
    public void Of_an_artifact_that_was_shown_before_the_log_is_not_read_again()
    {
        Assert.Equal(
            ["a.txt"],
            Session.Texts("$items.ChildItem.GetNames('art:/m/latest', 'ReturnAllContainers', $false)")
        );
        var log = Path.Combine(Session.Store, "artifacts", "m", "log");
        foreach (var file in Directory.GetFiles(log))
            File.Move(file, file + ".away");

        Assert.Equal(["a.txt"], Session.Texts("$items.ChildItem.GetNames('art:/m/v1', 'ReturnAllContainers', $false)"));
        Assert.Equal(["True"], Session.Texts("$items.Item.Exists('art:/m/prod/a.txt')"));
        AssertFails("ArtifactNotFound", "Get-Artifact m");
    }

    [Fact]
    public void What_happens_to_an_artifact_is_shown_at_once()
    {
        Assert.Equal(
            ["a.txt"],
            Session.Texts("$items.ChildItem.GetNames('art:/m/latest', 'ReturnAllContainers', $false)")
        );

        Session.PublishTexts("m", ("newer.txt", ""));

        Assert.Equal(
            ["newer.txt"],
            Session.Texts("$items.ChildItem.GetNames('art:/m/latest', 'ReturnAllContainers', $false)")
        );
    }

    // The engine's own methods wrap what a provider says.
    private void AssertFails(string id, string script)
    {
        Session.Try(script);
        Assert.Equal(id + "Exception", Assert.Single(Session.Errors).Exception.GetBaseException().GetType().Name);
    }
}
