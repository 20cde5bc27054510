namespace ArtifactsPS.Core.Tests.References;

public class BucketUriTests
{
    [Theory]
    [InlineData("plain/key.txt", "plain/key.txt")]
    [InlineData("a b+c&d=e", "a b+c&d=e")]
    [InlineData("100%/50%25?x#y", "100%25/50%2525%3Fx%23y")]
    [InlineData("é/日本/😀", "é/日本/😀")]
    [InlineData("/lead//double/", "/lead//double/")]
    [InlineData("a/../b/./c", "a/../b/./c")]
    [InlineData("tab\tline\n", "tab%09line%0A")]
    public void Any_key_round_trips_through_a_URI(string key, string written)
    {
        var uri = BucketUri.Parse("s3://bucket").With(key);

        Assert.Equal("s3://bucket/" + written, uri);
        Assert.Equal(key, BucketUri.Parse(uri).Key);
    }

    [Theory]
    [InlineData("s3://b/a%20b%C3%A9", "a bé")]
    [InlineData("s3://b/50%", "50%")]
    [InlineData("s3://b/50%zz", "50%zz")]
    [InlineData("s3://b", "")]
    [InlineData("s3://b/", "")]
    public void Escaped_and_plain_characters_are_accepted(string uri, string key) =>
        Assert.Equal(key, BucketUri.Parse(uri).Key);

    [Fact]
    public void Version_id_is_read_from_the_query()
    {
        var uri = BucketUri.Parse("S3://b/k?VersionId=a%2Fb.c");

        Assert.Equal(("s3", "b", "k", "a/b.c"), (uri.Scheme, uri.Root, uri.Key, uri.VersionId));
    }

    [Theory]
    [InlineData("s3://b/k?endpoint=http://other", "Write '?' in a key as %3F")]
    [InlineData("s3://b/k?versionId=", "Use ?versionId=")]
    [InlineData("s3://b/k?versionId=1&x=2", "Use ?versionId=")]
    [InlineData("s3://b/k#part", "%23")]
    [InlineData("s3://b/%FF", "UTF-8")]
    [InlineData("s3:b/k", "scheme://bucket/key")]
    public void Invalid_URI_is_refused_with_advice(string uri, string advice) =>
        Assert.Contains(
            advice,
            Assert.Throws<InvalidReferenceException>(() => BucketUri.Parse(uri)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("s3://b/deep/down/key", "s3://b/deep?region=two")]
    [InlineData("s3://b/other/key", "s3://b?region=one")]
    [InlineData("s3://b", "s3://b?region=one")]
    [InlineData("s3://c/deep/key", null)]
    [InlineData("az://b/deep/key", null)]
    public void Store_with_longest_common_path_is_the_neighbour(string uri, string? store)
    {
        string[] stores = ["/a/folder", "s3://", "s3://b?region=one", "s3://b/deep?region=two", "s3://b?region=three"];

        Assert.Equal(store, StoreKindSources.NeighbourOf(uri, stores)?.ToString());
    }
}
