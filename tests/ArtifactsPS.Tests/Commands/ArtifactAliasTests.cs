using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

/// <summary>Set-ArtifactAlias and Remove-ArtifactAlias.</summary>
public sealed class ArtifactAliasTests : SessionTests
{
    public ArtifactAliasTests()
    {
        Session.Publish("model", "0");
        Session.Publish("model", "1");
    }

    [Fact]
    public void Moves_an_alias_from_the_version_that_had_it()
    {
        Assert.Empty(Session.Run("Set-ArtifactAlias model:v1 prod"));
        Session.Run("Set-ArtifactAlias model:v0 PROD, second");

        Assert.Equal(
            ["model:v0", "model:v0"],
            Session.Texts("(Get-Artifact model:prod).Reference; (Get-Artifact model:second).Reference")
        );
        Assert.Equal(["latest"], Session.One("Get-Artifact model:v1").Get<string[]>("Aliases"));
    }

    [Fact]
    public void PassThru_writes_the_version()
    {
        var version = Session.One("Get-Artifact model:v0 | Set-ArtifactAlias -Alias prod -PassThru");

        Assert.Equal("ArtifactVersion", version.TypeName());
        Assert.Equal(["prod"], version.Get<string[]>("Aliases"));
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("a/b")]
    [InlineData("a@b")]
    [InlineData(" x")]
    public void Refuses_what_cannot_be_an_alias(string alias) =>
        Session
            .Fail("Set-ArtifactAlias model $args[0]", alias)
            .AssertIs("InvalidArtifactAlias", ErrorCategory.InvalidArgument, "model", alias);

    [Fact]
    public void Removing_takes_it_from_whichever_version_has_it()
    {
        Session.Run("Set-ArtifactAlias model:v0 prod");

        Assert.Empty(Session.Run("Remove-ArtifactAlias model prod"));

        Session
            .Fail("Get-Artifact model:prod")
            .AssertIs("ArtifactVersionNotFound", ErrorCategory.ObjectNotFound, "model:prod", "model:prod");
    }

    [Fact]
    public void Removing_with_PassThru_writes_the_version_that_had_it()
    {
        Session.Run("Set-ArtifactAlias model:v0 prod");

        Assert.Equal(["model:v0"], Session.Texts("Remove-ArtifactAlias model prod -PassThru"));
    }

    [Fact]
    public void Latest_cannot_be_removed() =>
        Session
            .Fail("Remove-ArtifactAlias model latest")
            .AssertIs("InvalidArtifactAlias", ErrorCategory.InvalidArgument, "model", "'latest' can't be removed");

    [Fact]
    public void Removing_what_is_not_there_is_an_error_and_the_others_go()
    {
        Session.Run("Set-ArtifactAlias model:v1 one, two");

        var error = Session.Fail("Remove-ArtifactAlias model one, nothing, two");

        error.AssertIs("ArtifactVersionNotFound", ErrorCategory.ObjectNotFound, "model", "model:nothing");
        Assert.Equal(["latest"], Session.One("Get-Artifact model").Get<string[]>("Aliases"));
    }

    [Fact]
    public void Removing_from_a_version_that_does_not_have_it_is_an_error()
    {
        Session.Run("Set-ArtifactAlias model:v0 prod");

        Session
            .Fail("$v1 = Get-Artifact model:v1; $v1 | Remove-ArtifactAlias -Alias prod")
            .AssertIs(
                "ArtifactVersionNotFound",
                ErrorCategory.ObjectNotFound,
                Session.Run("$v1")[0].BaseObject,
                "model:prod"
            );
    }

    [Fact]
    public void WhatIf_moves_and_removes_nothing()
    {
        Session.Run("Set-ArtifactAlias model:v0 prod");

        Session.Run("Set-ArtifactAlias model:v1 prod -WhatIf; Remove-ArtifactAlias model prod -WhatIf");

        Assert.Equal(["model:v0"], Session.Texts("(Get-Artifact model:prod).Reference"));
    }
}
