using System.Collections;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class SetArtifactTests : SessionTests
{
    public SetArtifactTests() =>
        Session.Run(
            "New-Artifact model t -Description old -Metadata @{ a = 1; b = 2 } -Tag one, two | Publish-Artifact"
        );

    [Fact]
    public void Changes_what_is_given_and_nothing_else()
    {
        Assert.Empty(Session.Run("Set-Artifact model -Description 'new'"));
        var version = Session.One("Get-Artifact model");
        Assert.Equal("new", version.Text("Description"));
        Assert.Equal(2, version.Get<Hashtable>("Metadata").Count);
        Assert.Equal(["one", "two"], version.Get<string[]>("Tags"));

        Session.Run("Set-Artifact model -Metadata @{ c = 'x' }");
        version = Session.One("Get-Artifact model");
        Assert.Equal("new", version.Text("Description"));
        Assert.Equal("x", Assert.Single(version.Get<Hashtable>("Metadata").Cast<DictionaryEntry>()).Value);
    }

    [Fact]
    public void PassThru_writes_the_changed_version()
    {
        var version = Session.One("Set-Artifact model -AddTag three -RemoveTag ONE, nothing -PassThru");

        Assert.Equal("ArtifactVersion", version.TypeName());
        Assert.Equal(["two", "three"], version.Get<string[]>("Tags"));
    }

    [Fact]
    public void ExpiresAfter_counts_from_now_and_NeverExpires_takes_it_away()
    {
        var expiry = Session.One("Set-Artifact model -ExpiresAfter 90.00:00:00 -PassThru").Get<DateTime>("ExpiresAt");

        Assert.InRange(expiry, DateTime.Now.AddDays(90).AddHours(-2), DateTime.Now.AddDays(90).AddHours(2));
        Assert.Null(Session.One("Set-Artifact model -NeverExpires -PassThru").Text("ExpiresAt"));
    }

    [Theory]
    [InlineData("-ExpiresAfter 5", "InvalidExpiry", "90.00:00:00")]
    [InlineData("-AddTag 'a:b'", "InvalidArtifactTag", "a:b")]
    [InlineData("-Metadata @{ x = { 1 } }", "InvalidMetadata", "x")]
    public void Refuses_what_cannot_be(string arguments, string id, string saying)
    {
        var before = Session.StoreFiles();

        var error = Session.Fail("Set-Artifact model " + arguments);

        Assert.Equal(id, error.Id());
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Contains(saying, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, Session.StoreFiles());
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        var before = Session.StoreFiles();

        Session.Run("Set-Artifact model -Description new -WhatIf");

        Assert.Equal(before, Session.StoreFiles());
        Assert.Contains("model:v0", Session.Host.TakeShown(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_there_is_an_error_and_the_others_go_on()
    {
        var output = Session.Try("'nosuch', 'model' | Set-Artifact -Description x -PassThru");

        Assert.Equal("x", Assert.Single(output).Text("Description"));
        Assert
            .Single(Session.Errors)
            .AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch", "nosuch", "Get-Artifact");
    }

    [Fact]
    public void Content_and_digest_stay()
    {
        var before = Session.Texts("(Get-Artifact model).Digest");

        Session.Run("Set-Artifact model -Description x -AddTag y -Metadata @{}");

        Assert.Equal(before, Session.Texts("(Get-Artifact model).Digest"));
        Assert.Equal(["1"], Session.Texts("@(Get-Artifact model -AllVersions).Count"));
    }
}
