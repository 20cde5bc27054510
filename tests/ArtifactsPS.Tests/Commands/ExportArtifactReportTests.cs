using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class ExportArtifactReportTests : SessionTests
{
    private string Page(string name = "r.html") => File.ReadAllText(Path.Combine(Session.Folder, name));

    [Theory]
    [InlineData("-Path r.html", "data,dataset-2,model")]
    [InlineData("data* r.html", "data,dataset-2")]
    [InlineData("data,m* r.html", "data,model")]
    [InlineData("data:v0 r.html", "data")]
    [InlineData("no* r.html", "")]
    public void Is_about_the_artifacts_that_are_named(string arguments, string names)
    {
        foreach (var name in new[] { "data", "dataset-2", "model" })
            Session.Publish(name, "a");

        Assert.Empty(Session.Run($"Export-ArtifactReport {arguments}"));

        var found = new[] { "data", "dataset-2", "model" }.Where(name =>
            Page().Contains($"\"name\":\"{name}\",\"type\"", StringComparison.Ordinal)
        );
        Assert.Equal(names, string.Join(',', found));
    }

    [Fact]
    public void Versions_from_the_pipeline_stand_for_their_artifact_once()
    {
        Session.PublishTexts("m", ("a", "1"));
        Session.PublishTexts("m", ("a", "2"));

        Session.Run("Get-Artifact m -AllVersions | Export-ArtifactReport -Path r.html");

        Assert.Equal(2, Page().Split("\"name\":\"m\",\"type\"").Length);
        Assert.Contains("\"versionCount\":2", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void Force_replaces_what_is_there_and_PassThru_writes_the_page()
    {
        Session.Publish("m", "a");
        var page = Session.File("r [1].html", "mine");

        Session
            .Fail("Export-ArtifactReport m 'r [1].html'")
            .AssertIs("ReportExists", ErrorCategory.ResourceExists, "r [1].html", page, "-Force");
        Assert.Equal("mine", File.ReadAllText(page));
        Assert.Equal([page], Session.Texts("Export-ArtifactReport m 'r [1].html' -Force -PassThru"));
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_an_error_and_the_rest_is_reported()
    {
        Session.Publish("m", "a");

        Session
            .Fail("Export-ArtifactReport nosuch,m r.html")
            .AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch");
        Assert.Contains("\"name\":\"m\",\"type\"", Page(), StringComparison.Ordinal);

        Session
            .Fail("Export-ArtifactReport nosuch none.html")
            .AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch");
        Assert.False(File.Exists(Path.Combine(Session.Folder, "none.html")));
    }

    [Fact]
    public void Is_of_one_store()
    {
        Session.Publish("m", "a");
        Session.Run("$null = New-ArtifactStore other; $null = Copy-Artifact m other");

        var error = Session.Fail(
            "(Get-Artifact m), (Get-Artifact m -Store other) | Export-ArtifactReport -Path r.html"
        );

        Assert.StartsWith("ReportOfSeveralStores,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("each store", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("\"versionCount\":1", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_no_content()
    {
        Session.PublishTexts("m", ("a", "some content"), ("b", "more content"));
        Session.DamageObject("some content"u8);

        Session.Run("Export-ArtifactReport m r.html");
    }

    [Fact]
    public void Refuses_a_folder()
    {
        Session.Publish("m", "a");

        Session
            .Fail("Export-ArtifactReport m .")
            .AssertIs("FileUnreadable", ErrorCategory.ReadError, ".", "report.html");
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        Session.Publish("m", "a");

        Session.Run("Export-ArtifactReport m r.html -WhatIf");

        Assert.False(File.Exists(Path.Combine(Session.Folder, "r.html")));
    }
}
