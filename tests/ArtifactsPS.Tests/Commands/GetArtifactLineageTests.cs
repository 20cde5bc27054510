using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

[Collection(AloneCollection.Name)]
public sealed class GetArtifactLineageTests : RunTests
{
    private const string Names = " | ForEach-Object Name";

    public GetArtifactLineageTests() =>
        Session.Run(
            """
            $null = Invoke-ArtifactRun -Name 'load "raw"' -JobType etl { New-Artifact raw dataset | Publish-Artifact }
            $null = Invoke-ArtifactRun -Name train { Use-Artifact raw; New-Artifact model net | Publish-Artifact }
            $null = Invoke-ArtifactRun -Name report {
                Use-Artifact raw
                Use-Artifact model
                New-Artifact summary text | Publish-Artifact
            }
            """
        );

    [Fact]
    public void Shows_runs_and_versions_in_both_directions_by_level()
    {
        var nodes = Session.Run("Get-ArtifactLineage model:v0");

        Assert.Equal(
            [
                "-3 Run load \"raw\" etl",
                "-2 Version raw:v0 dataset",
                "-1 Run train ",
                "0 Version model:v0 net",
                "1 Run report ",
                "2 Version summary:v0 text",
            ],
            nodes.Select(node => $"{node.Text("Level")} {node.Text("Kind")} {node.Text("Name")} {node.Text("Type")}")
        );
        Assert.Equal([nodes[2].Text("Id")!], nodes[3].Get<string[]>("From"));
        Assert.Equal(["raw:v0"], nodes[2].Get<string[]>("From"));
        Assert.All(nodes, node => Assert.False(node.Get<bool>("IsGone")));
        Assert.All(nodes, node => Assert.Equal(Session.Store, node.Text("Store")));
    }

    [Theory]
    [InlineData("model -Direction Upstream", "load \"raw\",raw:v0,train,model:v0")]
    [InlineData("model -Direction Downstream", "model:v0,report,summary:v0")]
    [InlineData("model -Depth 1", "train,model:v0,report")]
    [InlineData("raw -Direction Downstream -Depth 1", "raw:v0,train,report")]
    public void Walks_as_far_as_it_is_asked_to(string arguments, string found) =>
        Assert.Equal(
            found.Split(',').Order(StringComparer.Ordinal),
            Session.Texts($"Get-ArtifactLineage {arguments}" + Names).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Circles_end()
    {
        Session.Run(
            "$null = Invoke-ArtifactRun -Name again { Use-Artifact model; New-Artifact raw dataset | Publish-Artifact }"
        );

        Assert.Contains("again", Session.Texts("Get-ArtifactLineage model" + Names));
    }

    [Fact]
    public void A_version_that_was_deleted_is_shown_as_gone()
    {
        Session.Run("Remove-Artifact raw");

        var gone = Session.One("Get-ArtifactLineage model | Where-Object IsGone");

        Assert.Equal("raw:v0", gone.Text("Name"));
        Assert.Contains("raw:v0 (gone)", Session.Show("Get-ArtifactLineage model | Where-Object IsGone"), StringComparison.Ordinal);
        Assert.Contains(":::gone", Session.Texts("Get-ArtifactLineage model -As Mermaid")[0], StringComparison.Ordinal);
        Assert.Contains("dashed", Session.Texts("Get-ArtifactLineage model -As Dot")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_record_is_lost_is_shown_as_gone()
    {
        var id = Session.Texts("(Get-ArtifactRun train).Id")[0];
        TempFolder.Delete(Path.Combine(Session.Store, "runs", id));

        Assert.Equal([id], Session.Texts("Get-ArtifactLineage model | Where-Object IsGone | ForEach-Object Id"));
    }

    [Fact]
    public void A_version_that_no_run_knows_stands_alone()
    {
        Session.Publish("lonely", "a");

        Assert.Equal(["lonely:v0"], Session.Texts("Get-ArtifactLineage lonely" + Names));
    }

    [Fact]
    public void Is_drawn_for_Mermaid_and_Graphviz_with_what_they_would_take_for_their_own_escaped()
    {
        var mermaid = Session.Texts("Get-ArtifactLineage model -Direction Upstream -As Mermaid")[0];
        var dot = Session.Texts("Get-ArtifactLineage model -Direction Upstream -As Dot")[0];

        Assert.StartsWith("flowchart LR\n", mermaid, StringComparison.Ordinal);
        Assert.Contains("load #34;raw#34;", mermaid, StringComparison.Ordinal);
        Assert.Contains("n1[\"raw:v0\"]", mermaid, StringComparison.Ordinal);
        Assert.Contains("n1 --> n2", mermaid, StringComparison.Ordinal);
        Assert.StartsWith("digraph lineage {", dot, StringComparison.Ordinal);
        Assert.Contains("load \\\"raw\\\"", dot, StringComparison.Ordinal);
        Assert.Contains("n1 -> n2;", dot, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_an_error()
    {
        Session.Fail("Get-ArtifactLineage nosuch").AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch");
        Session
            .Fail("Get-ArtifactLineage model:v9")
            .AssertIs("ArtifactVersionNotFound", ErrorCategory.ObjectNotFound, "model:v9");
    }
}
