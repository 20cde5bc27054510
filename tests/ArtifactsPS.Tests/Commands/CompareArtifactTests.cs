using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class CompareArtifactTests : SessionTests
{
    public CompareArtifactTests()
    {
        Session.PublishTexts("model", ("changed", "1"), ("same", "s"), ("gone/x", "x"));
        Session.PublishTexts("model", ("changed", "22"), ("same", "s"), ("new [1]", "nnn"));
    }

    [Fact]
    public void Writes_what_was_added_removed_and_modified()
    {
        var differences = Session.Run("Compare-Artifact model:v0 model:v1");

        Assert.All(differences, difference => Assert.Equal("ArtifactDifference", difference.TypeName()));
        Assert.Equal(["changed", "gone/x", "new [1]"], differences.Select(difference => difference.Text("Path")));
        Assert.Equal(["Modified", "Removed", "Added"], differences.Select(difference => difference.Text("Change")));
        Assert.Equal(["1", "1", null], differences.Select(difference => difference.Text("ReferenceSize")));
        Assert.Equal(["2", null, "3"], differences.Select(difference => difference.Text("DifferenceSize")));
    }

    [Fact]
    public void Equal_versions_have_no_differences() => Assert.Empty(Session.Run("Compare-Artifact model model:v1"));

    [Fact]
    public void A_draft_can_stand_for_either()
    {
        Session.File("added.txt");

        Assert.Equal(
            ["Added: added.txt"],
            Session.Texts(
                "$draft = New-ArtifactDraft model | Add-ArtifactFile added.txt; Compare-Artifact model $draft"
            )
        );
        Assert.Equal(["Removed: added.txt"], Session.Texts("Compare-Artifact $draft model"));
    }

    [Fact]
    public void Takes_versions_down_the_pipeline() =>
        Assert.Equal(["3"], Session.Texts("@(Get-Artifact model:v0 | Compare-Artifact model:v1).Count"));

    [Fact]
    public void A_name_that_is_not_there_is_an_error_about_it() =>
        Session
            .Fail("Compare-Artifact model:v0 nosuch")
            .AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch", "nosuch", "Get-Artifact");

    [Fact]
    public void A_reference_that_is_not_there_is_the_target_of_its_error() =>
        Session
            .Fail("Compare-Artifact model:v9 model:v0")
            .AssertIs("ArtifactVersionNotFound", ErrorCategory.ObjectNotFound, "model:v9", "model:v9");
}
