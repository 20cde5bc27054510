using System.Collections;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class NewArtifactTests : SessionTests
{
    [Fact]
    public void Writes_a_draft_with_what_it_was_given()
    {
        var draft = Session.One(
            "New-Artifact MNIST dataset -Description 'Digits, 28×28' -Metadata @{ classes = 10 } -Tag raw, 'first try'"
        );

        Assert.Equal("Artifact", draft.TypeName());
        Assert.Equal("MNIST", draft.Text("Name"));
        Assert.Equal("dataset", draft.Text("Type"));
        Assert.Equal("Digits, 28×28", draft.Text("Description"));
        Assert.Equal(10, draft.Get<Hashtable>("Metadata")["classes"]);
        Assert.Equal(["raw", "first try"], draft.Get<string[]>("Tags"));
        Assert.Null(draft.Text("BaseVersion"));
        Assert.Equal(0, draft.Get<long>("FileCount"));
        Assert.Equal(0, draft.Get<long>("Size"));
        Assert.Matches("^sha256:[0-9a-f]{64}$", draft.Text("Digest"));
    }

    [Fact]
    public void Writes_nothing_to_the_store()
    {
        var before = Session.StoreFiles();

        Session.Run("New-Artifact a b");

        Assert.Equal(before, Session.StoreFiles());
    }

    [Fact]
    public void Takes_names_and_types_by_property()
    {
        Assert.Equal(
            ["one:x", "two:y"],
            Session.Texts(
                "@([pscustomobject]@{ Name = 'one'; Type = 'x' }, [pscustomobject]@{ Name = 'two'; Type = 'y' }) | "
                    + "New-Artifact | ForEach-Object { \"$($_.Name):$($_.Type)\" }"
            )
        );
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("ünïcode")]
    [InlineData("..")]
    [InlineData("ends.")]
    [InlineData("com1.txt")]
    [InlineData("NUL")]
    public void Refuses_names_that_not_every_store_can_hold(string name) =>
        Session
            .Fail("New-Artifact $args[0] dataset", name)
            .AssertIs("InvalidArtifactName", ErrorCategory.InvalidArgument, name, name);

    [Fact]
    public void Takes_names_of_128_characters_and_no_more()
    {
        var longest = new string('n', 128);
        Assert.Equal(longest, Session.One("New-Artifact $args[0] t", longest).Text("Name"));

        Session
            .Fail("New-Artifact $args[0] t", longest + "n")
            .AssertIs("InvalidArtifactName", ErrorCategory.InvalidArgument, longest + "n", "128");
    }

    [Fact]
    public void Refuses_types_and_tags_that_cannot_be()
    {
        Session
            .Fail("New-Artifact a 'no type'")
            .AssertIs("InvalidArtifactType", ErrorCategory.InvalidArgument, "a", "no type");
        Session
            .Fail("New-Artifact a b -Tag 'x:y'")
            .AssertIs("InvalidArtifactTag", ErrorCategory.InvalidArgument, "a", "x:y");
    }

    [Theory]
    [InlineData("@{ outer = @{ bad = { 1 } } }", "outer.bad")]
    [InlineData("@{ bad = [double]::PositiveInfinity }", "bad")]
    [InlineData("@{ list = 1, [double]::NaN }", "list[1]")]
    [InlineData("$h = @{}; $h.self = $h", "self")]
    [InlineData("@{ bad = [char]0xD800 + 'x' }", "bad")]
    public void Refuses_metadata_that_JSON_cannot_hold_and_says_where(string metadata, string where)
    {
        Session.Run(metadata.StartsWith('$') ? metadata : "$h = " + metadata);

        Session
            .Fail("New-Artifact a b -Metadata $h")
            .AssertIs("InvalidMetadata", ErrorCategory.InvalidArgument, "a", where);
    }

    [Fact]
    public void Goes_on_after_a_bad_one()
    {
        var drafts = Session.Try(
            "'good', 'b/d', 'fine' | ForEach-Object { [pscustomobject]@{ Name = $_; Type = 't' } } | New-Artifact"
        );

        Assert.Equal(["good", "fine"], drafts.Select(draft => draft.Text("Name")));
        Assert.Equal("b/d", Assert.Single(Session.Errors).TargetObject);
    }

    [Fact]
    public void Says_how_to_make_a_store_where_there_is_none() =>
        Session
            .Fail("New-Artifact a b -Store ./nowhere")
            .AssertIs(
                "StoreNotFound",
                ErrorCategory.ObjectNotFound,
                "a",
                Path.Combine(Session.Folder, "nowhere"),
                "New-ArtifactStore"
            );
}
