using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class GetArtifactEntryTests : SessionTests
{
    private const string ListPaths = " | ForEach-Object Path";

    public GetArtifactEntryTests() =>
        Session.Publish("model", "b.txt", "a [1].txt", "dir/x.txt", "dir/sub/y.csv", "directory", "\uE000", "😀");

    [Fact]
    public void Writes_entries_with_all_their_properties()
    {
        var entry = Session.One("Get-ArtifactEntry model dir/sub/y.csv");

        Assert.Equal("ArtifactEntry", entry.TypeName());
        Assert.Equal("dir/sub/y.csv", entry.Text("Path"));
        Assert.Equal("y.csv", entry.Text("Name"));
        Assert.Matches("^sha256:[0-9a-f]{64}$", entry.Text("Digest"));
        Assert.Equal(13, entry.Get<long>("Size"));
        Assert.False(entry.Get<bool>("Executable"));
        Assert.Null(entry.Text("Uri"));
        Assert.Equal("model:v0", entry.Text("Artifact"));
        Assert.Equal(Session.Store, entry.Text("Store"));
    }

    [Fact]
    public void Sorts_by_the_bytes_of_paths_in_UTF8() =>
        Assert.Equal(
            ["a [1].txt", "b.txt", "dir/sub/y.csv", "dir/x.txt", "directory", "\uE000", "😀"],
            Session.Texts("Get-ArtifactEntry model" + ListPaths)
        );

    [Theory]
    [InlineData("-Path dir", "dir/sub/y.csv,dir/x.txt")]
    [InlineData("-Path dir/", "dir/sub/y.csv,dir/x.txt")]
    [InlineData("-Path *.txt", "a [1].txt,b.txt,dir/x.txt")]
    [InlineData("-Path dir/*.csv, b.txt", "dir/sub/y.csv,b.txt")]
    [InlineData("-Path 'a `[1`].txt'", "a [1].txt")]
    [InlineData("-LiteralPath 'a [1].txt', dir/sub", "a [1].txt,dir/sub/y.csv")]
    [InlineData("-Path nothing*", "")]
    public void Path_and_LiteralPath_choose(string arguments, string found) =>
        Assert.Equal(
            found.Split(',', StringSplitOptions.RemoveEmptyEntries),
            Session.Texts("Get-ArtifactEntry model " + arguments + ListPaths)
        );

    [Fact]
    public void A_path_that_is_not_there_is_an_error_and_the_others_go_on()
    {
        var output = Session.Try("Get-ArtifactEntry model nothing, b.txt, B.TXT" + ListPaths);

        Assert.Equal(["b.txt"], output.Select(path => (string)path.BaseObject));
        Assert.Equal(["nothing", "B.TXT"], Session.Errors.Select(error => error.TargetObject));
        Session
            .Errors[0]
            .AssertIs("ArtifactEntryNotFound", ErrorCategory.ObjectNotFound, "nothing", "nothing", "model:v0");
    }

    [Fact]
    public void Lists_a_draft_as_it_would_be_published()
    {
        Session.File("new.txt");

        Assert.Equal(
            ["a [1].txt", "new.txt"],
            Session.Texts(
                "New-ArtifactDraft model | Remove-ArtifactEntry dir/ | Add-ArtifactFile new.txt | "
                    + "Get-ArtifactEntry -Path 'a*', new.txt"
                    + ListPaths
            )
        );
    }

    [Fact]
    public void Takes_versions_and_names_down_the_pipeline()
    {
        Session.Publish("other", "o");

        Assert.Equal(
            ["model:v0 b.txt", "other:v0 o"],
            Session.Texts(
                "(Get-Artifact model), 'other' | Get-ArtifactEntry -Path [bo]*, nothing* | ForEach-Object { \"$($_.Artifact) $_\" }"
            )
        );
    }

    [Fact]
    public void Streams_so_that_the_first_can_be_had_without_the_rest()
    {
        // With Select-Object -First missing in the engine, stopping upstream by `break` is what there is.
        Assert.Equal(
            ["a [1].txt"],
            Session.Texts("foreach ($x in 1) { Get-ArtifactEntry model | ForEach-Object { $_.Path; break } }")
        );
    }

    [Fact]
    public void A_name_that_is_not_there_is_an_error() =>
        Session
            .Fail("Get-ArtifactEntry nosuch")
            .AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch", "Get-Artifact");
}
