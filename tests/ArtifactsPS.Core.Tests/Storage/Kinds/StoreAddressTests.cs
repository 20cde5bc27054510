namespace ArtifactsPS.Core.Tests.Storage.Kinds;

public sealed class StoreAddressTests
{
    [Theory]
    [InlineData("s3://bucket", "s3://bucket", "")]
    [InlineData("S3://bucket/", "s3://bucket", "")]
    [InlineData("s3://bucket/a/B_c-d.e/", "s3://bucket/a/B_c-d.e", "a/B_c-d.e/")]
    [InlineData(
        "s3://bucket/a?region=eu-1&endpoint=http%3A%2F%2Fx:1",
        "s3://bucket/a?endpoint=http://x:1&region=eu-1",
        "a/"
    )]
    [InlineData("s3://bucket?note=a%20b%26c%3D%C3%A4", "s3://bucket?note=a%20b%26c%3D%C3%A4", "")]
    public void Address_has_one_canonical_text(string text, string expected, string prefix)
    {
        var address = StoreAddress.Parse(text);
        Assert.Equal(expected, address.ToString());
        Assert.Equal(expected, StoreAddress.Parse(expected).ToString());
        Assert.Equal(("bucket", prefix), (address.Root, address.PrefixAfter(0)));
    }

    [Theory]
    [InlineData("s3://")]
    [InlineData("s3:///prefix")]
    [InlineData("s3://bucket//prefix")]
    [InlineData("s3://bucket/../prefix")]
    [InlineData("s3://bucket/./prefix")]
    [InlineData("s3://bucket/prefix.")]
    [InlineData("s3://bucket/a b")]
    [InlineData("s3://bucket/a%20b")]
    [InlineData("s3://bucket/ä")]
    [InlineData("s3://bucket/a\\b")]
    [InlineData("s3://bucket#a")]
    [InlineData("s3://bucket?=a")]
    [InlineData("s3://bucket?region=a&Region=b")]
    [InlineData("s3://bucket?region=%0A")]
    [InlineData("://bucket")]
    [InlineData("a b://bucket")]
    public void Malformed_address_is_an_error(string text) =>
        Assert.Throws<InvalidStoreLocationException>(() => StoreAddress.Parse(text));

    [Theory]
    [InlineData("s3://AKIA:hush@bucket/prefix")]
    [InlineData("s3://hush@bucket/prefix")]
    [InlineData("s3://bucket/a@hush@prefix")]
    [InlineData("s3://bucket/prefix?accessKey=hush")]
    [InlineData("s3://bucket/prefix?AWS_SECRET_ACCESS_KEY=hush")]
    [InlineData("s3://bucket/prefix?X-Amz-Signature=hush&region=a")]
    [InlineData("s3://bucket/prefix?endpoint=http://user:hush@server")]
    [InlineData("s3://bucket/prefix?endpoint=http://server?sig=hush")]
    [InlineData("az://account/container?sv=2025&sig=hush")]
    [InlineData("az://account/container?sharedAccessSignature=hush")]
    [InlineData("az://account/container?AccountKey=hush")]
    [InlineData("az://account/container?connection-string=hush")]
    [InlineData("az://account/container?token=hush")]
    [InlineData("a b://hush")]
    public void Secret_is_refused_and_not_repeated(string text)
    {
        var failure = Assert.Throws<InvalidStoreLocationException>(() => StoreAddress.Parse(text).ServerOf("endpoint"));
        Assert.DoesNotContain("hush", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", $"{failure.Target}", StringComparison.Ordinal);
        if (text.StartsWith('a') && text.Contains(' ', StringComparison.Ordinal))
            return;
        Assert.Contains("environment", failure.Message, StringComparison.Ordinal);
        Assert.Contains("-Credential", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_added_and_replaced()
    {
        var address = StoreAddress.Parse("s3://bucket?region=a&pathStyle=true");
        Assert.Equal(
            "s3://bucket?endpoint=http://x&pathStyle=true&REGION=b",
            address.With([new("REGION", "b"), new("endpoint", "http://x")]).ToString()
        );
        Assert.Throws<InvalidStoreLocationException>(() => address.With([new("secret", "hush")]));
    }

    [Fact]
    public void Unknown_option_is_an_error_listing_known_ones()
    {
        var address = StoreAddress.Parse("s3://bucket?regoin=a");
        var failure = Assert.Throws<InvalidStoreLocationException>(() => address.CheckOptions(["endpoint", "region"]));
        Assert.Contains("'regoin'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("endpoint, region", failure.Message, StringComparison.Ordinal);
        StoreAddress.Parse("s3://bucket?REGION=a").CheckOptions(["endpoint", "region"]);
    }

    [Theory]
    [InlineData("partSize=0")]
    [InlineData("partSize=")]
    [InlineData("partSize=1.5")]
    [InlineData("partSize=4096")]
    [InlineData("pathStyle=maybe")]
    [InlineData("endpoint=ftp://server")]
    [InlineData("endpoint=server")]
    public void Invalid_option_value_is_an_error_naming_it(string option)
    {
        var address = StoreAddress.Parse($"s3://bucket?{option}");
        var failure = Assert.Throws<InvalidStoreLocationException>(() => StoreKindLoader.OfModule.Describe(address));
        Assert.Contains($"'{option.Split('=')[0]}'", failure.Message, StringComparison.Ordinal);
    }
}
