using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class AddArtifactReferenceTests : SessionTests
{
    private const string Digest = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    [Fact]
    public void Adds_an_entry_that_points_outside()
    {
        var entry = Session.One(
            "New-Artifact a b | Add-ArtifactReference https://example.org/data/set%20one.csv?x=1 -Digest $args[0] -Size 5 | "
                + "Publish-Artifact | Get-ArtifactEntry",
            Digest
        );

        Assert.Equal("set one.csv", entry.Text("Path"));
        Assert.Equal("https://example.org/data/set%20one.csv?x=1", entry.Text("Uri"));
        Assert.Equal(Digest, entry.Text("Digest"));
        Assert.Equal(5, entry.Get<long>("Size"));
    }

    [Fact]
    public void Knows_neither_digest_nor_size_of_what_it_is_not_told()
    {
        var entry = Session.One(
            "New-Artifact a b | Add-ArtifactReference s3://bucket/key -Name in/here.bin | Get-ArtifactEntry"
        );

        Assert.Equal("in/here.bin", entry.Text("Path"));
        Assert.Null(entry.Text("Digest"));
        Assert.Null(entry.Text("Size"));
    }

    [Fact]
    public void Hashes_a_file_whether_it_is_named_by_path_or_URI()
    {
        var path = Session.File("with [b] ü.txt", "hello");

        foreach (var name in new[] { "with [b] ü.txt", path, new Uri(path).AbsoluteUri })
        {
            var entry = Session.One("New-Artifact a b | Add-ArtifactReference $args[0] | Get-ArtifactEntry", name);
            Assert.Equal("with [b] ü.txt", entry.Text("Path"));
            Assert.Equal(Digest, entry.Text("Digest"));
            Assert.Equal(5, entry.Get<long>("Size"));
            Assert.StartsWith("file:///", entry.Text("Uri"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("https://me:s3cret@example.org/data.csv")]
    [InlineData("ftp://:s3cret@example.org/data.csv")]
    [InlineData("https://me:s3@cret@bad host/data.csv")]
    public void A_URI_with_a_password_is_refused_without_telling_it(string uri)
    {
        var error = Session.Fail("New-Artifact a b | Add-ArtifactReference $args[0]", uri);

        Assert.Equal("InvalidReference", error.FullyQualifiedErrorId.Split(',')[0]);
        foreach (var text in new[] { error.ToString(), $"{error.TargetObject}", error.Exception.ToString() })
        {
            Assert.DoesNotContain("s3", text, StringComparison.Ordinal);
            Assert.DoesNotContain("cret", text, StringComparison.Ordinal);
        }
        Assert.Contains(":***@", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_URI_that_tells_who_but_no_password_is_kept() =>
        Assert.Equal(
            "ssh://git@example.org/data.csv",
            Session
                .One("New-Artifact a b | Add-ArtifactReference ssh://git@example.org/data.csv | Get-ArtifactEntry")
                .Text("Uri")
        );

    [Fact]
    public void NoChecksum_reads_nothing()
    {
        Session.File("a.txt", "hello");

        Assert.Null(
            Session.One("New-Artifact a b | Add-ArtifactReference a.txt -NoChecksum | Get-ArtifactEntry").Text("Digest")
        );
    }

    [Fact]
    public void A_folder_becomes_an_entry_for_each_file()
    {
        Session.File("d/x.txt");
        Session.File("d/sub/y.txt");

        Assert.Equal(
            ["in/sub/y.txt", "in/x.txt", "sub/y.txt", "x.txt"],
            Session.Texts(
                "New-Artifact a b | Add-ArtifactReference d | Add-ArtifactReference d -Name in | Get-ArtifactEntry | ForEach-Object Path"
            )
        );
    }

    [Fact]
    public void Stores_none_of_the_content()
    {
        Session.File("a.txt", new string('x', 100_000));

        Session.Run("New-Artifact a b | Add-ArtifactReference a.txt | Publish-Artifact");

        Assert.True(Session.StoreFiles().Sum(file => new FileInfo(Path.Combine(Session.Store, file)).Length) < 50_000);
    }

    [Theory]
    [InlineData("no/such/path")]
    [InlineData("not a uri")]
    public void What_is_neither_a_URI_nor_a_path_is_an_error_about_it(string uri) =>
        Session
            .Fail("New-Artifact a b | Add-ArtifactReference $args[0]", uri)
            .AssertIs("InvalidReference", ErrorCategory.InvalidArgument, uri, uri);

    [Fact]
    public void A_URI_without_a_last_segment_needs_a_name()
    {
        Session
            .Fail("New-Artifact a b | Add-ArtifactReference https://example.org/")
            .AssertIs("InvalidReference", ErrorCategory.InvalidArgument, "https://example.org/", "-Name");
        Assert.Equal(
            ["home"],
            Session.Texts(
                "New-Artifact a b | Add-ArtifactReference https://example.org/ -Name home | Get-ArtifactEntry"
            )
        );
    }

    [Fact]
    public void A_file_whose_digest_is_not_the_given_one_is_an_error()
    {
        Session.File("a.txt", "other");

        Session
            .Fail("New-Artifact a b | Add-ArtifactReference a.txt -Digest $args[0]", Digest)
            .AssertIs("ReferenceChanged", ErrorCategory.InvalidData, "a.txt", Digest);
    }

    [Fact]
    public void A_digest_that_is_none_is_an_error() =>
        Session
            .Fail("New-Artifact a b | Add-ArtifactReference https://example.org/x -Digest sha256:12")
            .AssertIs("InvalidReference", ErrorCategory.InvalidArgument, "https://example.org/x", "64");

    [Fact]
    public void One_bad_one_does_not_stop_the_rest()
    {
        var output = Session.Try(
            "New-Artifact a b | Add-ArtifactReference https://example.org/x, https://example.org/, s3://b/y | Get-ArtifactEntry | ForEach-Object Path"
        );

        Assert.Equal(["x", "y"], output.Select(path => (string)path.BaseObject));
        Assert.Equal("https://example.org/", Assert.Single(Session.Errors).TargetObject);
    }

    [Fact]
    public void Another_URI_under_the_same_name_is_a_conflict_unless_forced()
    {
        Session.Run("$draft = New-Artifact a b | Add-ArtifactReference https://one.example/x");

        Session
            .Fail("Add-ArtifactReference https://two.example/x -Artifact $draft")
            .AssertIs("ArtifactEntryConflict", ErrorCategory.ResourceExists, "https://two.example/x", "-Force");
        Session.Run("Add-ArtifactReference https://two.example/x -Artifact $draft -Force");
        Assert.Equal(["https://two.example/x"], Session.Texts("($draft | Get-ArtifactEntry).Uri"));
    }

    [Fact]
    public void WhatIf_adds_nothing() =>
        Assert.Equal(
            ["0"],
            Session.Texts("(New-Artifact a b | Add-ArtifactReference https://example.org/x -WhatIf).FileCount")
        );
}
