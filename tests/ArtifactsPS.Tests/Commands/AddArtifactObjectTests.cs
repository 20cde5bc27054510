using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class AddArtifactObjectTests : SessionTests
{
    public AddArtifactObjectTests() => Session.Run("$draft = New-Artifact a b");

    [Theory]
    [InlineData("rows.json")]
    [InlineData("rows.csv")]
    [InlineData("rows.clixml")]
    public void Records_come_back_from_the_file(string name)
    {
        Session.Run(
            "[pscustomobject]@{ Id = 1; Text = 'a, \"b\"' }, [pscustomobject]@{ Id = 2; Text = \"ü`nnew\" } | "
                + "Add-ArtifactObject $args[0] -Artifact $draft; $null = $draft | Publish-Artifact",
            name
        );

        Assert.Equal(
            ["1:a, \"b\"", "2:ü\nnew"],
            Session.Texts(
                "Get-ArtifactContent a $args[0] -As Object | ForEach-Object { \"$($_.Id):$($_.Text)\" }",
                name
            )
        );
    }

    [Fact]
    public void Texts_become_lines()
    {
        Session.Run(
            "'one', 'zwei ü' | Add-ArtifactObject notes.txt -Artifact $draft; $null = $draft | Publish-Artifact"
        );

        Assert.Equal(["one", "zwei ü"], Session.Texts("Get-ArtifactContent a notes.txt"));
    }

    [Fact]
    public void CliXml_keeps_types()
    {
        Session.Run(
            "[datetime]'2026-01-02', 1.5, 7 | Add-ArtifactObject x.clixml -Artifact $draft; $null = $draft | Publish-Artifact"
        );

        Assert.Equal(
            ["DateTime", "Double", "Int32"],
            Session.Texts("Get-ArtifactContent a x.clixml -As Object | ForEach-Object { $_.GetType().Name }")
        );
    }

    [Fact]
    public void As_says_the_format_where_the_name_does_not()
    {
        Session.Run(
            "@{ n = 1 } | Add-ArtifactObject settings -As Json -Artifact $draft; $null = $draft | Publish-Artifact"
        );

        Assert.Equal(["1"], Session.Texts("(Get-ArtifactContent a settings -As Json).n"));
    }

    [Fact]
    public void A_name_that_tells_no_format_is_an_error_that_names_the_formats()
    {
        var error = Session.Fail("1 | Add-ArtifactObject settings.bin -Artifact $draft");

        Assert.Equal("settings.bin", error.TargetObject);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Contains("-As Json, Csv, CliXml or Text", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["0"], Session.Texts("$draft.FileCount"));
    }

    [Fact]
    public void A_path_that_no_entry_can_have_is_an_error() =>
        Session
            .Fail("1 | Add-ArtifactObject ../up.json -Artifact $draft")
            .AssertIs("InvalidEntryPath", ErrorCategory.InvalidArgument, "../up.json", "../up.json");

    [Fact]
    public void A_piped_draft_goes_on_and_a_given_one_only_with_PassThru()
    {
        Assert.Equal(["1"], Session.Texts("($draft | Add-ArtifactObject one.json -InputObject 1).FileCount"));
        Assert.Empty(Session.Run("2 | Add-ArtifactObject two.json -Artifact $draft"));
        Assert.Equal(["3"], Session.Texts("(3 | Add-ArtifactObject three.json -Artifact $draft -PassThru).FileCount"));
    }

    [Fact]
    public void Other_objects_under_the_same_name_are_a_conflict_unless_forced()
    {
        Session.Run("1 | Add-ArtifactObject x.json -Artifact $draft; 1 | Add-ArtifactObject x.json -Artifact $draft");

        Session
            .Fail("2 | Add-ArtifactObject x.json -Artifact $draft")
            .AssertIs("ArtifactEntryConflict", ErrorCategory.ResourceExists, "x.json", "-Force");
        Session.Run("2 | Add-ArtifactObject x.json -Artifact $draft -Force; $null = $draft | Publish-Artifact");
        Assert.Equal(["2"], Session.Texts("Get-ArtifactContent a x.json -As Object"));
    }

    [Fact]
    public void What_JSON_cannot_hold_is_an_error_and_adds_nothing()
    {
        Session
            .Fail("[pscustomobject]@{ n = [double]::NaN } | Add-ArtifactObject x.json -Artifact $draft")
            .AssertIs("InvalidMetadata", ErrorCategory.InvalidArgument, "x.json", "n");
        Assert.Equal(["0"], Session.Texts("$draft.FileCount"));
    }

    [Fact]
    public void Nothing_down_the_pipeline_is_an_empty_file()
    {
        Session.Run("@() | Add-ArtifactObject x.csv -Artifact $draft");

        Assert.Equal(["1"], Session.Texts("$draft.FileCount"));
    }

    [Fact]
    public void WhatIf_adds_nothing()
    {
        Session.Run("1, 2 | Add-ArtifactObject x.json -Artifact $draft -WhatIf");

        Assert.Equal(["0"], Session.Texts("$draft.FileCount"));
    }
}
