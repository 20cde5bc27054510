using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class GetArtifactTests : SessionTests
{
    private const string References = " | ForEach-Object Reference";

    public GetArtifactTests()
    {
        Session.PublishTexts("Images", ("a", "1"));
        Session.PublishTexts("Images", ("a", "2"));
        Session.Run(
            "Set-ArtifactAlias Images:v0 prod; Set-Artifact Images:v0 -AddTag good; $null = New-Artifact net model -Tag good | Publish-Artifact"
        );
    }

    [Fact]
    public void Without_a_name_writes_the_latest_of_each() =>
        Assert.Equal(["Images:v1", "net:v0"], Session.Texts("Get-Artifact" + References));

    [Theory]
    [InlineData("images", "Images:v1")]
    [InlineData("IMAGES:latest", "Images:v1")]
    [InlineData("Images:v0", "Images:v0")]
    [InlineData("Images:V0", "Images:v0")]
    [InlineData("Images:PROD", "Images:v0")]
    [InlineData("I*", "Images:v1")]
    [InlineData("*:v0", "Images:v0,net:v0")]
    [InlineData("*:prod", "Images:v0")]
    public void Finds_by_name_version_alias_and_wildcard_whatever_the_case(string name, string found) =>
        Assert.Equal(found.Split(','), Session.Texts("Get-Artifact $args[0]" + References, name));

    [Fact]
    public void Finds_by_digest()
    {
        var digest = Session.Texts("(Get-Artifact Images:v0).Digest")[0];

        Assert.Equal(["Images:v0"], Session.Texts("Get-Artifact $args[0]" + References, "images@" + digest));
    }

    [Theory]
    [InlineData("-AllVersions", "Images:v0,Images:v1,net:v0")]
    [InlineData("Images -AllVersions", "Images:v0,Images:v1")]
    [InlineData("-Type model", "net:v0")]
    [InlineData("-Type MOD*, nothing", "net:v0")]
    [InlineData("-Tag good", "Images:v0,net:v0")]
    [InlineData("-Tag good -Type dataset", "Images:v0")]
    [InlineData("-Alias prod", "Images:v0")]
    [InlineData("-Alias lat*", "Images:v1,net:v0")]
    [InlineData("Images:v1 -Tag good", "")]
    public void Filters(string arguments, string found) =>
        Assert.Equal(
            found.Split(',', StringSplitOptions.RemoveEmptyEntries),
            Session.Texts("Get-Artifact " + arguments + References)
        );

    [Fact]
    public void A_wildcard_or_filter_that_matches_nothing_is_silence()
    {
        Assert.Empty(Session.Run("Get-Artifact nothing*"));
        Assert.Empty(Session.Run("Get-Artifact Images -Type nothing"));
    }

    [Fact]
    public void An_exact_name_that_is_not_there_is_an_error_and_the_others_go_on()
    {
        var output = Session.Try("Get-Artifact nosuch, net, Images:nope, Images:v9");

        Assert.Equal("net", Assert.Single(output).Text("Name"));
        Assert.Equal(3, Session.Errors.Count);
        Session.Errors[0].AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch", "nosuch", Session.Store);
        Session
            .Errors[1]
            .AssertIs("ArtifactVersionNotFound", ErrorCategory.ObjectNotFound, "Images:nope", "Get-Artifact 'Images'");
        Session.Errors[2].AssertIs("ArtifactVersionNotFound", ErrorCategory.ObjectNotFound, "Images:v9", "v9");
    }

    [Theory]
    [InlineData("a/b", "InvalidArtifactName")]
    [InlineData("Images@sha256:12", "InvalidArtifactName")]
    [InlineData("Images:a/b", "InvalidArtifactAlias")]
    public void What_cannot_be_a_reference_is_an_error_about_it(string name, string id) =>
        Session.Fail("Get-Artifact $args[0]", name).AssertIs(id, ErrorCategory.InvalidArgument, name);

    [Fact]
    public void A_version_object_means_that_version_in_its_store_and_is_read_anew()
    {
        Session.Run(
            "$v0 = Get-Artifact Images:v0; Set-ArtifactAlias Images:v0 fresh; $null = New-ArtifactStore ./other"
        );

        Assert.Equal(
            ["Images:v0 fresh prod"],
            Session.Texts("$v0 | Get-Artifact -Store ./other | ForEach-Object { \"$_ $($_.Aliases)\" }")
        );
    }

    [Fact]
    public void Takes_names_down_the_pipeline_as_texts_and_as_objects_with_a_Name() =>
        Assert.Equal(
            ["net:v0", "Images:v1"],
            Session.Texts("'net', [pscustomobject]@{ Name = 'Images' } | Get-Artifact" + References)
        );

    [Fact]
    public void What_names_no_artifact_is_an_error_that_says_what_would()
    {
        var error = Session.Fail("Get-Artifact ([pscustomobject]@{ Title = 'x' })");

        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Contains("mnist:v3", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_store_has_nothing() =>
        Assert.Empty(Session.Run("$null = New-ArtifactStore ./empty; Get-Artifact -Store ./empty"));

    [Fact]
    public void Versions_stay_versions_through_serialization()
    {
        var copy = PSSerializer.Deserialize(PSSerializer.Serialize(Session.One("Get-Artifact Images:v0")));

        Assert.Equal("Images:v0", Session.One("$args[0] | Get-Artifact", copy).Text("Reference"));
        Assert.Equal(["a"], Session.Texts("$args[0] | Get-ArtifactEntry | ForEach-Object Path", copy));
    }
}
