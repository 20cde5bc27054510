using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class RemoveArtifactTests : SessionTests
{
    private const string Versions =
        "Get-Artifact model -AllVersions | ForEach-Object { \"$($_.Version) $($_.Aliases)\" }";

    public RemoveArtifactTests()
    {
        Session.Publish("model", "0");
        Session.Publish("model", "1");
        Session.Publish("model", "2");
        Session.Run("Set-ArtifactAlias model:v1 prod, stable");
    }

    [Fact]
    public void Deletes_a_version_and_writes_nothing()
    {
        Assert.Empty(Session.Run("Remove-Artifact model:v0"));

        Assert.Equal(["v1 prod stable", "v2 latest"], Session.Texts(Versions));
    }

    [Fact]
    public void Latest_goes_to_the_newest_that_is_left_and_numbers_are_not_used_again()
    {
        Session.Run("Remove-Artifact model");

        Assert.Equal(["v0 ", "v1 latest prod stable"], Session.Texts(Versions));
        Assert.Equal("model:v3", Session.Publish("model", "3").Text("Reference"));
    }

    [Fact]
    public void A_version_with_aliases_is_deleted_only_with_Force_which_names_them()
    {
        Session
            .Fail("Remove-Artifact model:v1")
            .AssertIs("AliasInUse", ErrorCategory.ResourceBusy, "model:v1", "prod", "stable", "-Force");
        Assert.Equal(3, Session.Run(Versions).Count);

        Session.Run("Remove-Artifact model:v1 -Force -Verbose");

        Assert.Contains(Session.Verbose, text => text.Contains("prod, stable", StringComparison.Ordinal));
        Assert.Equal(["v0 ", "v2 latest"], Session.Texts(Versions));
    }

    [Fact]
    public void AllVersions_deletes_the_artifact()
    {
        Session
            .Fail("Remove-Artifact model -AllVersions")
            .AssertIs("AliasInUse", ErrorCategory.ResourceBusy, "model", "-Force");

        Session.Run("Remove-Artifact model -AllVersions -Force");

        Assert.Empty(Session.Run("Get-Artifact"));
        Session.Fail("Get-Artifact model").AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "model", "model");
        Assert.Equal("model:v3", Session.Publish("model", "again").Text("Reference"));
    }

    [Fact]
    public void KeepLast_keeps_the_newest_versions_and_those_with_aliases()
    {
        Session.Publish("model", "3");
        Assert.Empty(Session.Run("Remove-Artifact model -KeepLast 4"));
        Assert.Equal(4, Session.Run(Versions).Count);

        Session.Run("Remove-Artifact model -KeepLast 1 -WhatIf");
        Assert.Equal(4, Session.Run(Versions).Count);
        Session.Run("Remove-Artifact model -KeepLast 1 -Verbose");

        Assert.Equal(["Deleted model:v0.", "Deleted model:v2."], Session.Verbose.Where(IsDeletion));
        Assert.Equal(["v1 prod stable", "v3 latest"], Session.Texts(Versions));
        Session.Run("Get-Artifact model -AllVersions | Remove-Artifact -KeepLast 1");
        Assert.Equal(2, Session.Run(Versions).Count);

        static bool IsDeletion(string text) => text.StartsWith("Deleted", StringComparison.Ordinal);
    }

    [Fact]
    public void KeepLast_keeps_one_at_least() =>
        Assert.Equal("ParameterArgumentValidationError", Session.Fail("Remove-Artifact model -KeepLast 0").Id());

    [Fact]
    public void Deletes_versions_that_come_down_the_pipeline_and_goes_on_after_one_that_it_cannot()
    {
        Session.Try("Get-Artifact model -AllVersions | Remove-Artifact");

        Assert.Equal("AliasInUse", Assert.Single(Session.Errors).Id());
        Assert.Equal(["v1 latest prod stable"], Session.Texts(Versions));
    }

    [Fact]
    public void WhatIf_and_No_delete_nothing()
    {
        Session.Host.Answers.Enqueue("&No");

        Session.Run(
            "Remove-Artifact model:v0 -WhatIf; Remove-Artifact model -AllVersions -Force -WhatIf; Remove-Artifact model:v0 -Confirm"
        );

        Assert.Single(Session.Host.Questions);
        Assert.Equal(3, Session.Run(Versions).Count);
    }

    [Fact]
    public void What_is_not_there_is_an_error() =>
        Session
            .Fail("Remove-Artifact model:v9")
            .AssertIs("ArtifactVersionNotFound", ErrorCategory.ObjectNotFound, "model:v9", "-AllVersions");

    [Fact]
    public void A_wildcard_is_no_name_to_delete_by()
    {
        Session
            .Fail("Remove-Artifact mod*")
            .AssertIs("InvalidArtifactName", ErrorCategory.InvalidArgument, "mod*", "mod*");

        Assert.Equal(3, Session.Run(Versions).Count);
    }
}
