using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class RemoveArtifactEntryTests : SessionTests
{
    private const string ListPaths = " | Get-ArtifactEntry | ForEach-Object Path";

    public RemoveArtifactEntryTests()
    {
        Session.Publish(
            "model",
            "a.txt",
            "b.txt",
            "dir/x.txt",
            "dir/sub/y.txt",
            "direct.txt",
            "odd [1].txt",
            "odd 1.txt"
        );
        Session.Run("$draft = New-ArtifactDraft model");
    }

    [Theory]
    [InlineData("a.txt", 6)]
    [InlineData("dir/", 5)]
    [InlineData("dir", 5)]
    [InlineData("dir/*", 5)]
    [InlineData("*.txt", 0)]
    [InlineData("odd [1].txt", 6)]
    [InlineData("[ab].txt", 5)]
    public void Removes_a_file_a_folder_or_what_matches(string path, int left)
    {
        Session.Run("Remove-ArtifactEntry $args[0] -Artifact $draft", path);

        Assert.Equal(left, Session.Run("$draft | Get-ArtifactEntry").Count);
        Assert.Equal([$"{left}"], Session.Texts("$draft.FileCount"));
    }

    [Fact]
    public void LiteralPath_takes_brackets_as_they_are()
    {
        Session.Run("Remove-ArtifactEntry -LiteralPath 'odd [1].txt' -Artifact $draft");

        Assert.Contains("odd 1.txt", Session.Texts("$draft" + ListPaths));
        Assert.DoesNotContain("odd [1].txt", Session.Texts("$draft" + ListPaths));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("*.nothing")]
    [InlineData("A.TXT")]
    public void What_is_not_there_is_an_error_and_changes_nothing(string path)
    {
        var before = Session.Texts("$draft.Digest");

        Session
            .Fail("Remove-ArtifactEntry $args[0] -Artifact $draft", path)
            .AssertIs("ArtifactEntryNotFound", ErrorCategory.ObjectNotFound, path, path, "Get-ArtifactEntry");

        Assert.Equal(before, Session.Texts("$draft.Digest"));
    }

    [Fact]
    public void One_path_that_is_not_there_does_not_keep_the_others()
    {
        Session.Try("Remove-ArtifactEntry a.txt, nothing, b.txt -Artifact $draft");

        Assert.Equal("nothing", Assert.Single(Session.Errors).TargetObject);
        Assert.Equal(["5"], Session.Texts("$draft.FileCount"));
    }

    [Fact]
    public void A_piped_draft_goes_on_and_a_given_one_only_with_PassThru()
    {
        Assert.Equal(["6"], Session.Texts("($draft | Remove-ArtifactEntry a.txt).FileCount"));
        Assert.Empty(Session.Run("Remove-ArtifactEntry b.txt -Artifact $draft"));
        Assert.Equal(["4"], Session.Texts("(Remove-ArtifactEntry direct.txt -Artifact $draft -PassThru).FileCount"));
    }

    [Fact]
    public void WhatIf_removes_nothing()
    {
        Session.Run("Remove-ArtifactEntry *.txt -Artifact $draft -WhatIf");

        Assert.Equal(["7"], Session.Texts("$draft.FileCount"));
    }

    [Fact]
    public void Takes_entries_down_the_pipeline()
    {
        Session.Run("Get-ArtifactEntry model -Path dir/, odd* | Remove-ArtifactEntry -Artifact $draft");

        Assert.Equal(["a.txt", "b.txt", "direct.txt"], Session.Texts("$draft" + ListPaths));
    }

    [Fact]
    public void Says_how_many_with_Verbose()
    {
        Session.Run("Remove-ArtifactEntry dir/ -Artifact $draft -Verbose");

        Assert.Contains(Session.Verbose, text => text.Contains("2 entries", StringComparison.Ordinal));
    }
}
