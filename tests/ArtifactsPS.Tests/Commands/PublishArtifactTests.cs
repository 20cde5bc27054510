using System.Collections;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class PublishArtifactTests : SessionTests
{
    [Fact]
    public void Writes_a_version_with_all_its_properties()
    {
        Session.File("a.txt", "hello");
        var before = DateTime.Now.AddSeconds(-1);

        var version = Session.One(
            "New-Artifact MNIST dataset -Description 'Digits' -Metadata @{ n = 1; list = 'a', 2 } -Tag raw | Add-ArtifactFile a.txt | "
                + "Publish-Artifact -Alias prod, 'next one' -Tag checked"
        );

        Assert.Equal("ArtifactVersion", version.TypeName());
        Assert.Equal("MNIST", version.Text("Name"));
        Assert.Equal("v0", version.Text("Version"));
        Assert.Equal(0, version.Get<int>("VersionNumber"));
        Assert.Equal("dataset", version.Text("Type"));
        Assert.Equal("MNIST:v0", version.Text("Reference"));
        Assert.Matches("^sha256:[0-9a-f]{64}$", version.Text("Digest"));
        Assert.Equal(["latest", "next one", "prod"], version.Get<string[]>("Aliases"));
        Assert.Equal(["raw", "checked"], version.Get<string[]>("Tags"));
        Assert.Equal("Digits", version.Text("Description"));
        var metadata = version.Get<Hashtable>("Metadata");
        Assert.Equal(1L, metadata["n"]);
        Assert.Equal(["a", 2L], Assert.IsType<object[]>(metadata["list"]));
        Assert.Equal(1, version.Get<long>("FileCount"));
        Assert.Equal(5, version.Get<long>("Size"));
        Assert.InRange(version.Get<DateTime>("CreatedAt"), before, DateTime.Now.AddSeconds(1));
        Assert.Equal($"{Environment.UserName}@{Environment.MachineName}", version.Text("CreatedBy"));
        Assert.Null(version.Text("RunId"));
        Assert.Null(version.Text("ExpiresAt"));
        Assert.False(version.Get<bool>("Deduplicated"));
        Assert.Equal(Session.Store, version.Text("Store"));
    }

    [Fact]
    public void Numbers_versions_one_after_another_and_moves_latest()
    {
        Session.PublishTexts("model", ("a", "1"));
        Session.PublishTexts("model", ("a", "2"));
        var third = Session.PublishTexts("MODEL", ("a", "3"));

        Assert.Equal("model:v2", third.Text("Reference"));
        Assert.Equal(
            ["v0 ", "v1 ", "v2 latest"],
            Session.Texts("Get-Artifact model -AllVersions | ForEach-Object { \"$($_.Version) $($_.Aliases)\" }")
        );
    }

    [Fact]
    public void Equal_content_returns_the_version_that_has_it_and_moves_the_aliases_to_it()
    {
        Session.PublishTexts("model", ("a", "1"));
        Session.PublishTexts("model", ("a", "2"));

        Session.File("again/a", "1");
        var again = Session.One(
            "New-Artifact model dataset | Add-ArtifactDirectory again | Publish-Artifact -Alias best"
        );

        Assert.Equal("model:v0", again.Text("Reference"));
        Assert.True(again.Get<bool>("Deduplicated"));
        Assert.Equal(["latest", "best"], again.Get<string[]>("Aliases"));
        Assert.Equal(["2"], Session.Texts("@(Get-Artifact model -AllVersions).Count"));
    }

    [Fact]
    public void Warns_when_equal_content_came_with_other_metadata()
    {
        Session.Run("New-Artifact model t -Description one | Publish-Artifact");
        Assert.Empty(Session.Warnings);

        Session.Run("New-Artifact model t -Description one | Publish-Artifact");
        Assert.Empty(Session.Warnings);

        Session.Run("New-Artifact model t -Description two | Publish-Artifact");
        Assert.Contains("Set-Artifact 'model:v0'", Assert.Single(Session.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_artifact_without_entries_can_be_published() =>
        Assert.Equal(
            ["empty:v0 0"],
            Session.Texts("New-Artifact empty t | Publish-Artifact | ForEach-Object { \"$_ $($_.FileCount)\" }")
        );

    [Fact]
    public void A_draft_is_spent_once_it_is_published()
    {
        Session.Run("$draft = New-Artifact model t; $null = $draft | Publish-Artifact");

        var error = Session.Fail("$draft | Publish-Artifact");

        error.AssertIs(
            "ArtifactSpent",
            ErrorCategory.InvalidOperation,
            Session.Run("$draft")[0].BaseObject,
            "New-ArtifactDraft 'model'"
        );
    }

    [Fact]
    public void Another_type_than_the_artifact_has_is_an_error()
    {
        Session.Publish("model", "a");
        Session.Run("$draft = New-Artifact model weights");

        var error = Session.Fail("$draft | Publish-Artifact");

        error.AssertIs(
            "ArtifactTypeMismatch",
            ErrorCategory.InvalidArgument,
            Session.Run("$draft")[0].BaseObject,
            "dataset",
            "weights"
        );
        Assert.Equal(["1"], Session.Texts("@(Get-Artifact model -AllVersions).Count"));
    }

    [Theory]
    [InlineData("-Alias v3", "InvalidArtifactAlias", "v3")]
    [InlineData("-Alias 'a/b'", "InvalidArtifactAlias", "a/b")]
    [InlineData("-Tag 'a:b'", "InvalidArtifactTag", "a:b")]
    public void Refuses_aliases_and_tags_that_cannot_be_and_publishes_nothing(string arguments, string id, string what)
    {
        Session.Run("$draft = New-Artifact model t");
        var before = Session.StoreFiles();

        var error = Session.Fail("$draft | Publish-Artifact " + arguments);

        error.AssertIs(id, ErrorCategory.InvalidArgument, Session.Run("$draft")[0].BaseObject, what);
        Assert.Equal(before, Session.StoreFiles());
        Assert.Equal(["model:v0"], Session.Texts("$draft | Publish-Artifact"));
    }

    [Fact]
    public void Takes_up_what_was_set_on_the_draft()
    {
        var version = Session.One(
            "$draft = New-Artifact model t; $draft.Description = 'set'; $draft.Metadata.depth = 3; $draft | Publish-Artifact"
        );

        Assert.Equal("set", version.Text("Description"));
        Assert.Equal(3L, version.Get<Hashtable>("Metadata")["depth"]);
    }

    [Fact]
    public void WhatIf_writes_nothing_and_leaves_the_draft_as_it_was()
    {
        Session.Run("$draft = New-Artifact model t");
        var before = Session.StoreFiles();

        Assert.Empty(Session.Run("$draft | Publish-Artifact -WhatIf"));

        Assert.Equal(before, Session.StoreFiles());
        Assert.Contains("model", Session.Host.TakeShown(), StringComparison.Ordinal);
        Assert.Equal(["model:v0"], Session.Texts("$draft | Publish-Artifact"));
    }

    [Fact]
    public void Confirm_asks_and_No_publishes_nothing()
    {
        Session.Run("$draft = New-Artifact model t");
        Session.Host.Answers.Enqueue("&No");
        Session.Host.Answers.Enqueue("&Yes");

        Assert.Empty(Session.Run("$draft | Publish-Artifact -Confirm"));
        Assert.Equal(["model:v0"], Session.Texts("$draft | Publish-Artifact -Confirm"));

        Assert.Equal(2, Session.Host.Questions.Count);
        Assert.Contains("model", Session.Host.Questions[0], StringComparison.Ordinal);
    }

    [Fact]
    public void One_draft_that_cannot_be_published_does_not_stop_the_others()
    {
        Session.Publish("model", "a");

        var output = Session.Try(
            "$(New-Artifact one t; New-Artifact model wrong; New-Artifact two t) | Publish-Artifact"
        );

        Assert.Equal(["one:v0", "two:v0"], output.Select(version => version.Text("Reference")));
        Assert.Equal("ArtifactTypeMismatch", Assert.Single(Session.Errors).Id());
    }
}
