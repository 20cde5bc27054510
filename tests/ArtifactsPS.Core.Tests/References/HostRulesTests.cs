using System.Net;

namespace ArtifactsPS.Core.Tests.References;

public sealed class HostRulesTests
{
    [Theory]
    [InlineData("", "https://example.com/x", true)]
    [InlineData("", "http://10.0.0.1/x", true)]
    [InlineData("example.com", "https://example.com/x", true)]
    [InlineData("EXAMPLE.com", "https://example.COM:8443/x", true)]
    [InlineData("example.com:8443", "https://example.com:8443/x", true)]
    [InlineData("example.com:8443", "https://example.com/x", false)]
    [InlineData("*.example.com", "https://data.example.com/x", true)]
    [InlineData("*.example.com", "https://example.com/x", false)]
    [InlineData("*.example.com", "https://example.com.evil.org/x", false)]
    [InlineData("example.com", "https://notexample.com/x", false)]
    [InlineData("a.org,b.org", "https://b.org/x", true)]
    [InlineData("example.com", "https://example.com@evil.org/x", false)]
    [InlineData("", "http://169.254.169.254/latest/meta-data", false)]
    [InlineData("*", "http://169.254.169.254/latest/meta-data", false)]
    [InlineData("*", "http://2852039166/", false)]
    [InlineData("*", "http://0xa9.0xfe.0xa9.0xfe/", false)]
    [InlineData("*", "http://[fe80::1]/", false)]
    [InlineData("*", "http://[::ffff:169.254.169.254]/", false)]
    [InlineData("*", "http://[64:ff9b::a9fe:a9fe]/", false)]
    [InlineData("*", "http://[fd00:ec2::254]/", false)]
    [InlineData("*", "http://[::1]/", true)]
    [InlineData("*", "http://127.0.0.1/", true)]
    public void Target_is_allowed_by_its_host(string patterns, string uri, bool isAllowed)
    {
        var rules = new HostRules(patterns.Split(','));
        if (isAllowed)
            rules.Check(new Uri(uri));
        else
            Assert.Throws<TargetDeniedException>(() => rules.Check(new Uri(uri)));
    }

    [Theory]
    [InlineData("", "https://a.org/x", "https://a.org/y", true)]
    [InlineData("", "http://a.org/x", "https://a.org/y", true)]
    [InlineData("", "https://a.org/x", "https://b.org/y", false)]
    [InlineData("", "https://a.org/x", "http://a.org/x", false)]
    [InlineData("a.org,b.org", "https://a.org/x", "https://b.org/y", true)]
    [InlineData("a.org", "https://a.org/x", "https://b.org/y", false)]
    [InlineData("a.org", "https://a.org/x", "http://a.org/y", true)]
    [InlineData("*", "https://a.org/x", "http://169.254.1.1/", false)]
    public void Redirect_is_allowed_by_both_hosts(string patterns, string from, string to, bool isAllowed)
    {
        var rules = new HostRules(patterns.Split(','));
        if (isAllowed)
            rules.CheckRedirect(new Uri(from), new Uri(to));
        else
            Assert.Throws<TargetDeniedException>(() => rules.CheckRedirect(new Uri(from), new Uri(to)));
    }

    [Fact]
    public void Link_local_addresses_of_a_name_are_left_out()
    {
        IPAddress[] found = [IPAddress.Parse("fe80::1"), IPAddress.Loopback];
        Assert.Equal([IPAddress.Loopback], HostRules.Allowed("name", found));
        Assert.Throws<TargetDeniedException>(() => HostRules.Allowed("name", [found[0]]));
    }
}
