using System.Collections;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class NewArtifactDraftTests : SessionTests
{
    [Fact]
    public void Begins_as_the_version_without_its_aliases_and_tags()
    {
        Session.File("a.txt", "hello");
        var version = Session.One(
            "New-Artifact model t -Description d -Metadata @{ n = 1 } -Tag tagged | Add-ArtifactFile a.txt | Publish-Artifact -Alias prod"
        );

        var draft = Session.One("New-ArtifactDraft model:prod");

        Assert.Equal("Artifact", draft.TypeName());
        Assert.Equal("model", draft.Text("Name"));
        Assert.Equal("t", draft.Text("Type"));
        Assert.Equal("d", draft.Text("Description"));
        Assert.Equal(1L, draft.Get<Hashtable>("Metadata")["n"]);
        Assert.Empty(draft.Get<string[]>("Tags"));
        Assert.Equal("model:v0", draft.Text("BaseVersion"));
        Assert.Equal(1, draft.Get<long>("FileCount"));
        Assert.Equal(5, draft.Get<long>("Size"));
        Assert.Equal(version.Text("Digest"), draft.Text("Digest"));
    }

    [Fact]
    public void A_change_makes_the_next_version_and_leaves_the_old_one()
    {
        Session.Publish("model", "old/a", "old/b", "keep/c");
        Session.Publish("model", "other");
        Session.File("new.txt");

        var version = Session.One(
            "Get-Artifact model:v0 | New-ArtifactDraft | Remove-ArtifactEntry -Path old/ | Add-ArtifactFile new.txt | Publish-Artifact"
        );

        Assert.Equal("model:v2", version.Text("Reference"));
        Assert.Equal(["keep/c", "new.txt"], Session.Texts("Get-ArtifactEntry model | ForEach-Object Path"));
        Assert.Equal(["keep/c", "old/a", "old/b"], Session.Texts("Get-ArtifactEntry model:v0 | ForEach-Object Path"));
    }

    [Fact]
    public void A_file_of_the_base_version_may_be_replaced_without_Force()
    {
        Session.PublishTexts("model", ("a.txt", "before"));
        Session.File("a.txt", "after");

        Session.Run("New-ArtifactDraft model | Add-ArtifactFile a.txt | Publish-Artifact");

        Assert.Equal(["after"], Session.Texts("Get-ArtifactContent model a.txt"));
    }

    [Fact]
    public void A_version_object_means_that_version_in_its_own_store()
    {
        Session.Publish("model", "first");
        Session.Run("$v0 = Get-Artifact model; $null = New-ArtifactStore ./other");
        Session.Publish("model", "second");

        var draft = Session.One("$v0 | New-ArtifactDraft -Store ./other");

        Assert.Equal("model:v0", draft.Text("BaseVersion"));
        Assert.Equal(["first"], Session.Texts("$args[0] | Get-ArtifactEntry | ForEach-Object Path", draft));
        Assert.Equal(Session.Store, draft.Text("Store"));
    }

    [Fact]
    public void A_name_that_is_not_there_is_an_error_and_the_others_go_on()
    {
        Session.Publish("model", "a");

        var output = Session.Try("'nosuch', 'model', 'model:v7' | New-ArtifactDraft");

        Assert.Equal("model", Assert.Single(output).Text("Name"));
        Assert.Equal(2, Session.Errors.Count);
        Session
            .Errors[0]
            .AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch", "nosuch", "Get-Artifact");
        Session.Errors[1].AssertIs("ArtifactVersionNotFound", ErrorCategory.ObjectNotFound, "model:v7", "-AllVersions");
    }

    [Fact]
    public void Publishing_an_unchanged_draft_makes_no_version()
    {
        Session.Publish("model", "a");

        var version = Session.One("New-ArtifactDraft model | Publish-Artifact");

        Assert.Equal("model:v0", version.Text("Reference"));
        Assert.True(version.Get<bool>("Deduplicated"));
    }
}
