using System.Text;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.References;

public sealed class HttpTargetTests : IDisposable
{
    private readonly TargetServer _server = new() { Content = Encoding.UTF8.GetBytes("0123456789") };

    private string Uri => _server.Endpoint + "/file";

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Probe_sends_one_HEAD()
    {
        var found = await ProbeAsync();

        Assert.Equal((10, "e1", null), (found!.Size, found.ETag, found.LastModified));
        Assert.Equal(["HEAD /file"], _server.Requests);
    }

    [Theory]
    [InlineData("W/\"a\"", "W/a")]
    [InlineData("unquoted", "unquoted")]
    [InlineData("\"\"", null)]
    [InlineData(null, null)]
    public async Task ETag_is_read_without_quotes(string? header, string? expected)
    {
        _server.ETag = header;
        Assert.Equal(expected, (await ProbeAsync())!.ETag);
    }

    [Fact]
    public async Task Time_is_read_where_there_is_no_ETag()
    {
        (_server.ETag, _server.LastModified) = (null, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        Assert.Equal(_server.LastModified, (await ProbeAsync())!.LastModified);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Server_without_HEAD_is_probed_with_GET(bool sendsRanges)
    {
        (_server.AllowsHead, _server.SendsRanges) = (false, sendsRanges);

        Assert.Equal(10, (await ProbeAsync())!.Size);
        Assert.Equal(["HEAD /file", "GET /file bytes=0-0"], _server.Requests);
    }

    [Fact]
    public async Task Empty_file_is_found_without_HEAD()
    {
        (_server.AllowsHead, _server.Content) = (false, []);
        Assert.Equal(0, (await ProbeAsync())!.Size);
    }

    [Fact]
    public async Task Missing_file_is_not_found()
    {
        Assert.Null(await Service().ProbeAsync(NamedTarget.Of(_server.Endpoint + "/other"), Token));
        Assert.Null(await Service().OpenAsync(NamedTarget.Of(_server.Endpoint + "/other"), isChecked: true, Token));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Refused_file_is_access_denied(int status)
    {
        _server.Status = status;
        var error = await Assert.ThrowsAsync<ReferenceAccessDeniedException>(ProbeAsync);
        Assert.Contains("Register-ArtifactReferenceHandler", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Busy_server_is_asked_again()
    {
        _server.Status = 503;
        _server.BeforeAnswer = () => _server.Status = _server.Requests.Count < 4 ? 503 : 200;

        Assert.Equal(10, (await ProbeAsync())!.Size);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Broken_connection_resumes(bool sendsRanges)
    {
        (_server.BreaksAfter, _server.SendsRanges) = (4, sendsRanges);
        if (!sendsRanges)
            _server.BeforeAnswer = () => _server.BreaksAfter = 4 + _server.Requests.Count;

        Assert.Equal("0123456789", await ReadAsync());
        if (sendsRanges)
            Assert.Equal(["GET /file", "GET /file bytes=4-", "GET /file bytes=8-"], _server.Requests);
    }

    [Fact]
    public async Task File_that_changes_between_ranges_is_reported()
    {
        _server.BreaksAfter = 4;
        _server.BeforeAnswer = () => _server.ETag = $"\"e{_server.Requests.Count}\"";

        await Assert.ThrowsAsync<ReferenceChangedException>(ReadAsync);
    }

    [Fact]
    public async Task Redirect_on_same_host_is_followed()
    {
        var target = NamedTarget.Of(_server.Endpoint + "/redirect");
        Assert.Equal(10, (await Service().ProbeAsync(target, Token))!.Size);
    }

    [Fact]
    public async Task Redirect_to_other_host_needs_permission()
    {
        using var other = new TargetServer { Content = [1] };
        _server.Location = other.Endpoint.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/file";
        var target = NamedTarget.Of(_server.Endpoint + "/redirect");

        var error = await Assert.ThrowsAsync<ReferenceAccessDeniedException>(() => Service().ProbeAsync(target, Token));
        Assert.Contains("-AllowHost", error.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Redirect_to_allowed_host_is_followed()
    {
        using var other = new TargetServer { Content = [1] };
        _server.Location = other.Endpoint + "/file";
        var target = NamedTarget.Of(_server.Endpoint + "/redirect");

        Assert.Equal(1, (await Service("127.0.0.*").ProbeAsync(target, Token))!.Size);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("file:///etc/passwd")]
    public async Task Redirect_to_forbidden_place_is_refused(string location)
    {
        _server.Location = location;
        await Assert.ThrowsAsync<ReferenceAccessDeniedException>(() =>
            Service("*").ProbeAsync(NamedTarget.Of(_server.Endpoint + "/redirect"), Token)
        );
    }

    [Fact]
    public async Task Endless_redirects_are_an_error()
    {
        _server.Location = "/redirect";
        await Assert.ThrowsAsync<ReferenceUnavailableException>(() =>
            Service().ProbeAsync(NamedTarget.Of(_server.Endpoint + "/redirect"), Token)
        );
        Assert.Equal(11, _server.Requests.Count);
    }

    [Fact]
    public async Task Host_that_is_not_allowed_gets_no_request()
    {
        await Assert.ThrowsAsync<ReferenceAccessDeniedException>(() =>
            Service("example.com").ProbeAsync(NamedTarget.Of(Uri), Token)
        );
        Assert.Empty(_server.Requests);
    }

    private Task<TargetProperties?> ProbeAsync() => Service().ProbeAsync(NamedTarget.Of(Uri), Token);

    private async Task<string> ReadAsync()
    {
        using var stream = await Service().OpenAsync(NamedTarget.Of(Uri), isChecked: false, Token);
        using var bytes = new MemoryStream();
        await stream!.CopyToAsync(bytes, Token);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private ReferenceService Service(params string[] allowed) =>
        new ReferenceSources(new HostRules(allowed), new StoreAccess(), []).Find(Uri)!;
}
