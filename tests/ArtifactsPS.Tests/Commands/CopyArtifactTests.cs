using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class CopyArtifactTests : SessionTests
{
    private const string Other = "./other [2]";

    private readonly string _other;

    public CopyArtifactTests()
    {
        _other = Path.Combine(Session.Folder, "other [2]");
        Session.Run("New-ArtifactStore $args[0]", Other);
    }

    [Fact]
    public void Copies_a_version_with_all_that_is_said_of_it()
    {
        Session.File("a.txt", "1");
        Session.Run(
            "New-Artifact m dataset -Description why -Metadata @{ a = 1; b = @(1, 2) } -Tag t | Add-ArtifactFile a.txt | "
                + "Publish-Artifact -Alias prod"
        );

        var copy = Session.One("Copy-Artifact m:prod $args[0] -Alias checked", Other);

        Assert.Equal("ArtifactVersion", copy.TypeName());
        Assert.Equal(_other, copy.Text("Store"));
        Assert.Equal("m:v0", copy.Text("Reference"));
        Assert.Equal("why", copy.Text("Description"));
        Assert.Equal(["latest", "checked"], copy.Get<string[]>("Aliases"));
        Assert.Equal(["t"], copy.Get<string[]>("Tags"));
        Assert.Equal(["2"], Session.Texts("$args[0].Metadata.b[1]", copy));
        Assert.Equal(Session.One("Get-Artifact m").Text("Digest"), copy.Text("Digest"));
        Assert.Equal(["1"], Session.Texts("$args[0] | Get-ArtifactContent -Path a.txt", copy));
        Assert.Equal(["True"], Session.Texts("$args[0] | Test-Artifact -Quiet", copy));
    }

    [Fact]
    public void Copies_all_versions_in_their_order_each_with_its_aliases()
    {
        Session.PublishTexts("m", ("a", "0"));
        Session.Run("Set-ArtifactAlias m:v0 first");
        Session.PublishTexts("m", ("a", "1"));
        Session.PublishTexts("m", ("a", "2"));
        Session.Run("Set-ArtifactAlias m:v2 prod; Remove-Artifact m:v1");

        var copies = Session.Run("Copy-Artifact m $args[0] -AllVersions -KeepAlias", Other);

        Assert.Equal(["m:v0", "m:v1"], copies.Select(copy => copy.Text("Reference")));
        Assert.Equal(["2"], Session.Texts("Get-ArtifactContent m:prod a -Store $args[0]", Other));
        Assert.Equal(["0"], Session.Texts("Get-ArtifactContent m:first a -Store $args[0]", Other));
        Assert.Equal(["m:v1"], Session.Texts("Get-Artifact m -Store $args[0]", Other));
    }

    [Fact]
    public void Takes_versions_down_the_pipeline_and_goes_on_after_an_error()
    {
        Session.Publish("one", "a");
        Session.Publish("two", "b");

        var copies = Session.Try("'one', 'none', 'two' | Copy-Artifact -Destination $args[0]", Other);

        Assert.Equal(["one:v0", "two:v0"], copies.Select(copy => copy.Text("Reference")));
        Assert.Single(Session.Errors).AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "none", "none");
    }

    [Fact]
    public void Repeating_finds_what_is_there_and_warns_of_what_is_said_otherwise()
    {
        Session.Publish("m", "a");
        Session.Run("Copy-Artifact m $args[0]", Other);

        var again = Session.One("Copy-Artifact m $args[0]", Other);
        Assert.Equal("True", again.Text("Deduplicated"));
        Assert.Empty(Session.Warnings);

        Session.Run("Set-Artifact m -Description changed");
        Session.Run("Copy-Artifact m $args[0]", Other);
        Assert.Contains("Set-Artifact", Assert.Single(Session.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void NewName_names_the_copy()
    {
        Session.Publish("m", "a");

        Assert.Equal(["n:v0"], Session.Texts("(Copy-Artifact m $args[0] -NewName n).Reference", Other));
        Session
            .Fail("Copy-Artifact m $args[0] -NewName 'a b'", Other)
            .AssertIs("InvalidArtifactName", ErrorCategory.InvalidArgument, "a b");
    }

    [Fact]
    public void A_destination_that_is_no_store_is_an_error_that_names_New_ArtifactStore()
    {
        Session.Publish("m", "a");
        var nowhere = Path.Combine(Session.Folder, "nowhere");

        Session
            .Fail("'m', 'm' | Copy-Artifact -Destination ./nowhere")
            .AssertIs("StoreNotFound", ErrorCategory.ObjectNotFound, nowhere, "New-ArtifactStore");
    }

    [Fact]
    public void Another_type_there_is_an_error()
    {
        Session.Publish("m", "a");
        Session.Run("New-Artifact m model -Store $args[0] | Publish-Artifact", Other);

        Session
            .Fail("Copy-Artifact m $args[0]", Other)
            .AssertIs("ArtifactTypeMismatch", ErrorCategory.InvalidArgument, "m", "model");
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("a/b")]
    public void Refuses_what_can_be_no_alias(string alias)
    {
        Session.Publish("m", "a");

        Session
            .Fail("Copy-Artifact m $args[0] -Alias $args[1]", Other, alias)
            .AssertIs("InvalidArtifactAlias", ErrorCategory.InvalidArgument, alias);
    }

    [Fact]
    public void WhatIf_copies_nothing()
    {
        Session.Publish("m", "a");

        Assert.Empty(Session.Run("Copy-Artifact m $args[0] -AllVersions -WhatIf", Other));

        Assert.Empty(Session.Run("Get-Artifact -Store $args[0]", Other));
    }
}
