namespace ArtifactsPS.Core.Tests.Values;

public sealed class ArtifactReferenceTests
{
    private const string Hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Name_alone_means_latest_version()
    {
        var reference = ArtifactReference.Parse("MNIST.v2-x_1");
        Assert.Equal(
            ("MNIST.v2-x_1", "latest", true),
            (reference.Name.ToString(), reference.Alias?.ToString(), reference.IsNameOnly)
        );
        Assert.Equal("MNIST.v2-x_1:latest", reference.ToString());
    }

    [Theory]
    [InlineData("m:v0", 0)]
    [InlineData("m:v3", 3)]
    [InlineData("m:V3", 3)]
    [InlineData("m:v0012", 12)]
    [InlineData("m:v2147483647", int.MaxValue)]
    public void Reference_by_number_is_parsed(string text, int number)
    {
        var reference = ArtifactReference.Parse(text);
        Assert.Equal(
            (number, (string?)null, false),
            (reference.Version, reference.Alias?.ToString(), reference.IsNameOnly)
        );
        Assert.Equal($"m:v{number}", reference.ToString());
    }

    [Theory]
    [InlineData("m:prod", "prod")]
    [InlineData("m:v1.0", "v1.0")]
    [InlineData("m:v", "v")]
    [InlineData("m:best so far", "best so far")]
    [InlineData("m:latest", "latest")]
    public void Reference_by_alias_is_parsed(string text, string alias)
    {
        var reference = ArtifactReference.Parse(text);
        Assert.Equal((alias, (int?)null), (reference.Alias?.ToString(), reference.Version));
        Assert.False(reference.IsNameOnly);
        Assert.Equal(text, reference.ToString());
    }

    [Fact]
    public void Reference_by_digest_is_parsed()
    {
        var reference = ArtifactReference.Parse("m@sha256:" + Hex.ToUpperInvariant());
        Assert.Equal(Hex, reference.Digest?.Hex);
        Assert.Equal("m@sha256:" + Hex, reference.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":v1")]
    [InlineData("@sha256:" + Hex)]
    [InlineData("m@")]
    [InlineData("m@" + Hex)]
    [InlineData("m@sha256:12")]
    [InlineData("m:v1@sha256:" + Hex)]
    [InlineData("a/b")]
    [InlineData("../m")]
    [InlineData("m:v99999999999")]
    public void Reference_with_invalid_name_is_refused(string text) =>
        Assert.Throws<InvalidArtifactNameException>(() => ArtifactReference.Parse(text));

    [Theory]
    [InlineData("m:")]
    [InlineData("m: prod")]
    [InlineData("m:a:b")]
    [InlineData("m:a/b")]
    public void Reference_with_invalid_alias_is_refused(string text) =>
        Assert.Throws<InvalidArtifactAliasException>(() => ArtifactReference.Parse(text));
}
