using System.Globalization;
using System.Text.RegularExpressions;
using ArtifactsPS.Tests.Servers;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Stores;

/// <summary>What services say when they refuse something is told in words that lead on, and their own are not repeated.</summary>
[Collection(SerialCollection.Name)] // Stores are registered, or nearly.
public sealed partial class RefusedRequestTests : IDisposable
{
    private readonly PowerShellSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("s3", 403, "RequestTimeTooSkewed", "Set the clock")]
    [InlineData("s3", 403, "AccessDenied", "s3:PutObject")]
    [InlineData("s3", 403, "", "machine's clock must be right")]
    [InlineData("s3", 301, "PermanentRedirect", "?region=eu-west-1")]
    [InlineData("s3", 307, "TemporaryRedirect", "?region=eu-west-1")]
    [InlineData("s3", 400, "AuthorizationHeaderMalformed", "?region=eu-west-1")]
    [InlineData("s3", 400, "IllegalLocationConstraintException", "?region=eu-west-1")]
    [InlineData("az", 403, "AuthenticationFailed", "machine's clock is wrong")]
    [InlineData("az", 403, "AuthorizationPermissionMismatch", "Storage Blob Data Contributor")]
    [InlineData("az", 403, "AuthorizationFailure", "AZURE_STORAGE_SAS_TOKEN")]
    public void Refused_request_is_an_error_with_advice(string scheme, int status, string code, string wayOut)
    {
        using var server = new RefusingServer(status, code, ("x-amz-bucket-region", "eu-west-1"));
        // The first command begins by writing, the second by reading.
        foreach (var command in new[] { "New-ArtifactStore $args[0]", "Register-ArtifactStore refused $args[0]" })
        {
            var error = Refuse(command, scheme, server);
            Assert.Equal("StoreUnavailable", error.Id());
            Assert.Equal(ErrorCategory.ResourceUnavailable, error.CategoryInfo.Category);
            Assert.Contains(wayOut, error.Exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Progress_shows_wait_for_service()
    {
        // Nothing listens there.
        const string Location = "s3://bucket?endpoint=http://127.0.0.1:1";
        var credential = new PSCredential("account", PowerShellSession.Secure("secret"));
        _session.Fail("New-ArtifactStore $args[0] -Credential $args[1] -TimeoutSeconds 2", Location, credential);
        var record = _session.Progress[0];
        Assert.Equal("New-ArtifactStore", record.Activity);
        Assert.Matches(
            $"^Waiting for {Regex.Escape(Location)}: the service can't be reached: .+ Giving up in 0:0[01]\\.$",
            record.StatusDescription
        );
        Assert.Equal(ProgressRecordType.Completed, _session.Progress[^1].RecordType);
    }

    [Theory]
    [InlineData("s3", 507, "XMinioStorageFull")]
    [InlineData("s3", 400, "XMinioAdminBucketQuotaExceeded")]
    [InlineData("s3", 403, "QuotaExceeded")]
    [InlineData("az", 507, "InsufficientStorage")]
    public void Full_service_is_StoreFull(string scheme, int status, string code)
    {
        using var server = new RefusingServer(status, code);
        var error = Refuse("New-ArtifactStore $args[0]", scheme, server);
        Assert.Equal("StoreFull", error.Id());
        Assert.Equal(ErrorCategory.WriteError, error.CategoryInfo.Category);
        Assert.Contains(code, error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Raise its quota", error.Exception.Message, StringComparison.Ordinal);
        // A retry would fail again.
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Wrong_clock_is_recognized_from_a_real_server()
    {
        var location = await TestServers.LocationAsync("s3");
        var gateway = await TestServers.S3Async();
        using var proxy = new FaultProxy(gateway.Port, _ => Fault.None)
        {
            // The signature of a client whose clock is a day behind.
            Rewrite = head =>
                DateOfRequest()
                    .Replace(
                        head,
                        DateTime.UtcNow.AddDays(-1).ToString("yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture)
                    ),
        };
        var error = _session.Fail(
            "New-ArtifactStore $args[0]",
            location.Replace(gateway.Endpoint(), gateway.Endpoint(proxy.Port))
        );
        Assert.Equal("StoreUnavailable", error.Id());
        Assert.Contains("RequestTimeTooSkewed", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Set the clock", error.Exception.Message, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<=X-Amz-Date: )\S+", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DateOfRequest();

    private ErrorRecord Refuse(string command, string scheme, RefusingServer server)
    {
        var location =
            scheme == "s3"
                ? $"s3://bucket/x?endpoint={server.Endpoint}"
                : $"az://account/bucket/x?endpoint={server.Endpoint}";
        // Valid for both services: a secret access key, and a key in base 64.
        var credential = new PSCredential("account", PowerShellSession.Secure("c2VjcmV0"));
        var error = _session.Fail($"{command} -Credential $args[1]", location, credential);
        Assert.Contains(location, error.Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(RefusingServer.Secret, error.Exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", error.Exception.ToString(), StringComparison.Ordinal);
        return error;
    }
}
