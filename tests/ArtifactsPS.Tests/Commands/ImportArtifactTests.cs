using System.IO.Compression;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class ImportArtifactTests : SessionTests
{
    public ImportArtifactTests()
    {
        Session.File("a.txt", "1");
        Session.Run(
            "New-Artifact m dataset -Description why -Metadata @{ a = @{ b = 1 } } -Tag t | Add-ArtifactFile a.txt | "
                + "Publish-Artifact; Export-Artifact m 'm [1].zip'; New-ArtifactStore other"
        );
    }

    [Fact]
    public void Publishes_what_was_exported_in_another_store()
    {
        var version = Session.One("Import-Artifact -LiteralPath 'm [1].zip' -Store other -Alias prod");

        Assert.Equal("m:v0", version.Text("Reference"));
        Assert.Equal(Session.One("Get-Artifact m").Text("Digest"), version.Text("Digest"));
        Assert.Equal(["latest", "prod"], version.Get<string[]>("Aliases"));
        Assert.Equal(["t"], version.Get<string[]>("Tags"));
        Assert.Equal(["why 1"], Session.Texts("\"$($args[0].Description) $($args[0].Metadata.a.b)\"", version));
        Assert.Equal(["1"], Session.Texts("$args[0] | Get-ArtifactContent -Path a.txt", version));
    }

    [Fact]
    public void Name_gives_it_another_name_and_importing_again_finds_it()
    {
        Assert.Equal(["n:v0"], Session.Texts("(Import-Artifact *.zip -Name n).Reference"));
        Assert.Equal(["True"], Session.Texts("(Import-Artifact *.zip -Name n).Deduplicated"));
        Session
            .Fail("Import-Artifact *.zip -Name 'a b'")
            .AssertIs("InvalidArtifactName", ErrorCategory.InvalidArgument, "a b");
        Session
            .Fail("Import-Artifact *.zip -Alias v3")
            .AssertIs("InvalidArtifactAlias", ErrorCategory.InvalidArgument, "v3");
    }

    [Fact]
    public void Takes_files_down_the_pipeline_and_goes_on_after_an_error()
    {
        var bad = Session.File("bad.zip", "no archive");

        var output = Session.Try(
            "[IO.FileInfo]::new(\"$PWD/bad.zip\"), [IO.FileInfo]::new(\"$PWD/m [1].zip\") | Import-Artifact -Store other"
        );

        Assert.Equal(["m:v0"], output.Select(version => version.Text("Reference")));
        Assert
            .Single(Session.Errors)
            .AssertIs("InvalidArchive", ErrorCategory.InvalidData, bad, "bad.zip", "Export-Artifact");
    }

    [Fact]
    public void A_changed_file_is_an_error_and_nothing_is_published()
    {
        var archive = Path.Combine(Session.Folder, "m [1].zip");
        using (var zip = ZipFile.Open(archive, ZipArchiveMode.Update))
        {
            zip.GetEntry("files/a.txt")!.Delete();
            using var file = zip.CreateEntry("files/a.txt").Open();
            file.WriteByte((byte)'2');
        }

        Session
            .Fail("Import-Artifact -LiteralPath $args[0] -Store other", archive)
            .AssertIs("InvalidArchive", ErrorCategory.InvalidData, archive, "a.txt", "digest");

        Assert.Empty(Session.Run("Get-Artifact -Store other"));
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error() =>
        Session
            .Fail("Import-Artifact nothing.zip")
            .AssertIs("FileNotFound", ErrorCategory.ObjectNotFound, "nothing.zip", "nothing.zip");

    [Fact]
    public void WhatIf_publishes_nothing()
    {
        Session.Run("Import-Artifact *.zip -Store other -WhatIf");

        Assert.Empty(Session.Run("Get-Artifact -Store other"));
    }
}
