namespace ArtifactsPS.Core.Tests.Values;

public sealed class ReferenceUriTests
{
    private const string Secret = "hush";

    [Theory]
    [InlineData("https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4&X-Amz-Signature=hush", "s3://bucket/key")]
    [InlineData("https://b.s3.amazonaws.com/k?x-amz-security-token=hush", "s3://bucket/key")]
    [InlineData("https://a.blob.core.windows.net/c/b?sv=2020&sig=hush&se=1", "AZURE_STORAGE_SAS_TOKEN")]
    [InlineData("https://storage.googleapis.com/b/k?X-Goog-Signature=hush", "Register-ArtifactReferenceHandler")]
    [InlineData("https://example.com/k?token=hush", "Register-ArtifactReferenceHandler")]
    [InlineData("https://example.com/k?access_token=hush", "token")]
    [InlineData("https://example.com/k?a=b;api-key=hush", "api-key")]
    [InlineData("https://example.com/k#access_token=hush", "token")]
    [InlineData("https://example.com/k?pass%77ord=hush", "pass%77ord")]
    [InlineData("https://example.com/k?a/token=hush", "a/token")]
    [InlineData("https://hush@example.com/k", "user information")]
    [InlineData("https://me:hush@example.com/k", "password")]
    [InlineData("hf://org/model?token=hush", "token")]
    public void Secret_is_refused_and_not_shown(string uri, string hint)
    {
        var error = Assert.Throws<InvalidReferenceException>(() => ReferenceUri.CheckNew(uri));

        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, $"{error} {error.Target} {ReferenceUri.Redact(uri)}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.com/k?x=1&page=2#part")]
    [InlineData("https://example.com/token=1/k?design=a&signal=b")]
    [InlineData("https://example.com/k?token=")]
    [InlineData("ssh://git@example.org/data.csv")]
    [InlineData("s3://bucket/a@b?versionId=abc")]
    [InlineData("doi:10.1000/182")]
    [InlineData("mailto:me@example.com")]
    public void Uri_without_secrets_is_accepted(string uri)
    {
        Assert.Equal(uri, ReferenceUri.CheckNew(uri));
        Assert.Equal(uri, ReferenceUri.Redact(uri));
    }

    [Theory]
    [InlineData("s3", true)]
    [InlineData("git+ssh", true)]
    [InlineData("C", false)]
    [InlineData("3s", false)]
    [InlineData("a:b", false)]
    [InlineData("", false)]
    public void Scheme_has_two_characters_at_least(string text, bool isScheme) =>
        Assert.Equal(isScheme, ReferenceUri.IsScheme(text));
}
