using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class GetArtifactContentTests : SessionTests
{
    public GetArtifactContentTests() =>
        Session.PublishTexts(
            "docs",
            ("lines.txt", "one\ntwo\r\n\nüñ\n"),
            ("odd [1].txt", "odd"),
            ("sub/a.txt", "a"),
            ("sub/b.txt", "b"),
            ("data.json", "[{\"n\":1},{\"n\":2}]"),
            ("bad.json", "{"),
            ("empty", "")
        );

    [Fact]
    public void Writes_lines() =>
        Assert.Equal(["one", "two", "", "üñ"], Session.Texts("Get-ArtifactContent docs lines.txt"));

    [Fact]
    public void Raw_writes_one_text() =>
        Assert.Equal(["one\ntwo\r\n\nüñ\n"], Session.Texts("Get-ArtifactContent docs lines.txt -Raw"));

    [Fact]
    public void AsByteStream_writes_one_byte_array()
    {
        Assert.Equal(
            "odd"u8.ToArray(),
            Session.One("Get-ArtifactContent docs -LiteralPath 'odd [1].txt' -AsByteStream").BaseObject
        );
        Assert.Equal(Array.Empty<byte>(), Session.One("Get-ArtifactContent docs empty -AsByteStream").BaseObject);
    }

    [Fact]
    public void As_reads_objects()
    {
        Assert.Equal(["1", "2"], Session.Texts("Get-ArtifactContent docs data.json -As Object | ForEach-Object n"));
        Assert.Equal(["1", "2"], Session.Texts("Get-ArtifactContent docs data.json -As Json | ForEach-Object n"));
        Assert.Equal(["[{\"n\":1},{\"n\":2}]"], Session.Texts("Get-ArtifactContent docs data.json"));
    }

    [Fact]
    public void Objects_that_cannot_be_read_are_an_error_about_the_file() =>
        Session
            .Fail("Get-ArtifactContent docs bad.json -As Object")
            .AssertIs("ObjectsUnreadable", ErrorCategory.InvalidData, "bad.json", "bad.json", "without -As");

    [Fact]
    public void Expands_wildcards_of_Path()
    {
        Assert.Equal(["a", "b"], Session.Texts("Get-ArtifactContent docs sub/*"));
        Assert.Empty(Session.Run("Get-ArtifactContent docs nothing*"));
    }

    [Fact]
    public void A_path_that_is_not_there_is_an_error_and_the_others_go_on()
    {
        var output = Session.Try("Get-ArtifactContent docs nothing, sub/a.txt, sub");

        Assert.Equal(["a"], output.Select(line => (string)line.BaseObject));
        Assert.Equal(["nothing", "sub"], Session.Errors.Select(error => error.TargetObject));
        Session.Errors[0].AssertIs("ArtifactEntryNotFound", ErrorCategory.ObjectNotFound, "nothing", "docs:v0");
    }

    [Fact]
    public void Takes_entries_down_the_pipeline() =>
        Assert.Equal(
            ["odd", "a", "b"],
            Session.Texts("Get-ArtifactEntry docs -Path 'odd*', sub/ | Get-ArtifactContent")
        );

    [Fact]
    public void A_name_that_is_not_there_is_an_error() =>
        Session
            .Fail("Get-ArtifactContent nosuch a")
            .AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch", "Get-Artifact");

    [Fact]
    public void Damaged_content_is_an_error_and_nothing_of_it_is_written()
    {
        // The only object is the pack that has it all.
        foreach (var file in Session.StoreFiles().Where(file => file.StartsWith("objects", StringComparison.Ordinal)))
        {
            var path = Path.Combine(Session.Store, file);
            var bytes = File.ReadAllBytes(path);
            var at = bytes.AsSpan().IndexOf("odd"u8);
            if (at < 0)
                continue;
            bytes[at] = (byte)'O';
            File.Delete(path);
            File.WriteAllBytes(path, bytes);
        }

        var output = Session.Try("Get-ArtifactContent docs -LiteralPath 'odd [1].txt'");

        Assert.Empty(output);
        Assert.Equal("ObjectCorrupt", Assert.Single(Session.Errors).Id());
        Assert.Equal(["a"], Session.Texts("Get-ArtifactContent docs sub/a.txt"));
    }
}
