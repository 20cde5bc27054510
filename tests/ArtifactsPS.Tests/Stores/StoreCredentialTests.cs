using System.Diagnostics;
using ArtifactsPS.Tests.Servers;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Stores;

/// <summary>Who the user is to a service: nobody, somebody who may do little, and all the ways to say it to Azure.</summary>
[Collection(SerialCollection.Name)] // The environment changes.
public sealed class StoreCredentialTests : IDisposable
{
    private const string All = "racwdl";
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    private readonly PowerShellSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("s3://bucket/x", "AWS_ACCESS_KEY_ID")]
    [InlineData("s3://bucket/x?region=eu-central-1", "AWS_ACCESS_KEY_ID")]
    [InlineData("az://account/container/x", "AZURE_STORAGE_CONNECTION_STRING")]
    public void Missing_credentials_fail_within_seconds(string location, string place)
    {
        using var machine = new UnresponsiveServer();
        using var nobody = IsolatedEnvironment.WithoutCredentials(
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", machine.Endpoint),
            ("AZURE_POD_IDENTITY_AUTHORITY_HOST", machine.Endpoint)
        );
        var watch = Stopwatch.StartNew();
        var error = _session.Fail("New-ArtifactStore $args[0]", location);
        // The module waits 2 and 4 seconds; the SDKs alone take more than a minute.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
        Assert.Equal("StoreUnavailable", error.Id());
        Assert.Contains(location, error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("no credentials were found", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("-Credential", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Azure_CLI_login_is_used_without_machine_identity()
    {
        var tool = _session.File(
            "bin/az",
            """
            #!/bin/sh
            echo '{ "accessToken": "token", "expiresOn": "2099-01-01 00:00:00.000000", "expires_on": 4070908800 }'
            """
        );
        if (OperatingSystem.IsWindows())
            Assert.Skip("The tool is a script for sh here.");
        else
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var machine = new UnresponsiveServer();
        using var nobody = IsolatedEnvironment.WithoutCredentials(
            ("AZURE_POD_IDENTITY_AUTHORITY_HOST", machine.Endpoint),
            ("PATH", Path.GetDirectoryName(tool))
        );
        // Credentials are found before the first request. The SDK sends a token over TLS only, which this server lacks.
        using var server = new RefusingServer(400, "InvalidInput");
        var error = _session.Fail(
            "New-ArtifactStore $args[0]",
            server.Endpoint.Replace("http://", "az://account/container?endpoint=https://", StringComparison.Ordinal)
        );
        Assert.Equal("StoreUnavailable", error.Id());
        Assert.True(
            error.Exception.Message.Contains("isn't secure", StringComparison.Ordinal),
            error.Exception.Message
        );
    }

    [Fact]
    public void Missing_region_fails_within_seconds()
    {
        using var machine = new UnresponsiveServer();
        using var nobody = IsolatedEnvironment.WithoutCredentials(
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", machine.Endpoint)
        );
        var watch = Stopwatch.StartNew();
        var error = _session.Fail(
            "New-ArtifactStore s3://bucket -Credential $args[0]",
            new PSCredential("user", PowerShellSession.Secure("secret"))
        );
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
        Assert.Equal("StoreUnavailable", error.Id());
        Assert.Contains("?region=eu-central-1", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_profile_is_an_error_naming_AWS_PROFILE()
    {
        using var nobody = IsolatedEnvironment.WithoutCredentials(("AWS_PROFILE", "missing"));
        var error = _session.Fail("New-ArtifactStore s3://bucket?region=eu-central-1");
        Assert.Equal("StoreUnavailable", error.Id());
        Assert.Contains("AWS_PROFILE", error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("account", "AZURE_STORAGE_SAS_TOKEN")]
    [InlineData("container", "AZURE_STORAGE_SAS_TOKEN")]
    [InlineData("account", "AZURE_STORAGE_CONNECTION_STRING")]
    [InlineData("container", "AZURE_STORAGE_CONNECTION_STRING")]
    [InlineData("key", "AZURE_STORAGE_CONNECTION_STRING")]
    [InlineData("account", "-Credential")]
    [InlineData("container", "-Credential")]
    [InlineData("key", "-Credential")]
    public async Task Azure_accepts_keys_and_signatures(string kind, string place)
    {
        var location = await TestServers.LocationAsync("az");
        using var nobody = IsolatedEnvironment.WithoutCredentials(
            place == "-Credential" ? ("AZURE_STORAGE_SAS_TOKEN", null) : (place, await SaidAsync(kind, place))
        );
        var credential =
            place == "-Credential"
                ? new PSCredential(Azurite.Account, PowerShellSession.Secure(SecretOf(kind, All, AnHour)))
                : null;
        _session.Run(
            credential is null ? "New-ArtifactStore $args[0]" : "New-ArtifactStore $args[0] -Credential $args[1]",
            location,
            credential
        );
        _session.Run(
            """
            New-Artifact m model -Store $args[0] | Add-ArtifactObject -InputObject 1 -Name a.json | Publish-Artifact
            Set-ArtifactAlias m prod -Store $args[0]
            Remove-Artifact m -AllVersions -Force -Confirm:$false -Store $args[0]
            Optimize-ArtifactStore $args[0] -GracePeriod 0 -Confirm:$false
            """,
            location
        );
        Assert.Empty(_session.Run("Get-Artifact -Store $args[0]", location));
    }

    [Theory]
    [InlineData("account")]
    [InlineData("container")]
    [InlineData("key")]
    public async Task Connection_string_provides_the_server(string kind)
    {
        var location = (await TestServers.LocationAsync("az")).Split("&endpoint=")[0];
        const string Variable = "AZURE_STORAGE_CONNECTION_STRING";
        using var nobody = IsolatedEnvironment.WithoutCredentials((Variable, await SaidAsync(kind, Variable)));
        _session.Run("New-ArtifactStore $args[0]", location);
        var error = _session.Fail("New-ArtifactStore $args[0]", location.Replace(Azurite.Account, "another"));
        Assert.Contains(Azurite.Account, error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("account")]
    [InlineData("container")]
    public async Task Expired_signature_is_an_error_with_its_reason(string kind)
    {
        var location = await TestServers.LocationAsync("az");
        _session.Run("New-ArtifactStore $args[0]", location);
        var secret = SecretOf(kind, All, -AnHour);
        using var late = IsolatedEnvironment.WithoutCredentials(("AZURE_STORAGE_SAS_TOKEN", secret));
        var error = _session.Fail("Get-Artifact -Store $args[0]", location);
        Assert.Equal("StoreUnavailable", error.Id());
        Assert.True(
            error.Exception.Message.Contains("have expired", StringComparison.Ordinal),
            error.Exception.Message
        );
        Assert.Contains("AZURE_STORAGE_SAS_TOKEN", error.Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret.Split("sig=")[1], error.Exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_only_S3_user_reads_and_gets_missing_permissions()
    {
        var (server, bucket) = (await TestServers.S3Async(), $"b{Guid.NewGuid():N}");
        await server.MakeBucketAsync(bucket);
        await server.MakeUserAsync($"r{bucket}", "read5ecret", bucket, "s3:GetObject", "s3:ListBucket");
        await AssertReadsOnlyAsync(
            $"s3://{bucket}/x?endpoint={server.Endpoint()}",
            "s3:PutObject",
            ("AWS_ACCESS_KEY_ID", $"r{bucket}"),
            ("AWS_SECRET_ACCESS_KEY", "read5ecret")
        );
    }

    [Theory]
    [InlineData("account")]
    [InlineData("container")]
    public async Task Read_only_Azure_user_reads_and_gets_missing_permissions(string kind) =>
        await AssertReadsOnlyAsync(
            await TestServers.LocationAsync("az"),
            "Storage Blob Data Contributor",
            ("AZURE_STORAGE_SAS_TOKEN", SecretOf(kind, "rl", AnHour))
        );

    [Fact]
    public async Task Missing_list_permission_is_named()
    {
        var location = await TestServers.LocationAsync("az");
        _session.Run("New-ArtifactStore $args[0]", location);
        using var reader = IsolatedEnvironment.WithoutCredentials(
            ("AZURE_STORAGE_SAS_TOKEN", SecretOf("container", "racwd", AnHour))
        );
        var error = _session.Fail("Get-Artifact -Store $args[0]", location);
        Assert.Equal("StoreUnavailable", error.Id());
        Assert.Contains("and list", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Full_bucket_is_an_error_then_command_succeeds()
    {
        var (server, bucket) = (await TestServers.S3Async(), $"b{Guid.NewGuid():N}");
        await server.MakeBucketAsync(bucket);
        var location = $"s3://{bucket}/x?endpoint={server.Endpoint()}";
        const string Publish =
            "New-Artifact m model -Store $args[0] | Add-ArtifactObject -InputObject $args[1] -Name a.json | Publish-Artifact";
        _session.Run("New-ArtifactStore $args[0]", location);
        _session.Run(Publish, location, 1);
        // store.json, an object and a transaction.
        await server.SetQuotaAsync(bucket, 3);
        var error = _session.Fail(Publish, location, 2);
        Assert.Equal("StoreFull", error.Id());
        Assert.Equal(ErrorCategory.WriteError, error.CategoryInfo.Category);
        Assert.Contains(location, error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("QuotaExceeded", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Raise its quota", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["m:v0"], _session.Texts("Get-Artifact -Store $args[0] | ForEach-Object Reference", location));

        await server.SetQuotaAsync(bucket, 100);
        Assert.Equal("m:v1", _session.One(Publish, location, 2).Text("Reference"));
        Assert.Empty(_session.Run("Test-ArtifactStore $args[0] -Full", location));
    }

    private async Task AssertReadsOnlyAsync(
        string location,
        string missing,
        params (string Name, string? Value)[] reader
    )
    {
        const string Publish =
            "New-Artifact m model -Store $args[0] | Add-ArtifactObject -InputObject $args[1] -Name a.json | Publish-Artifact";
        _session.Run("New-ArtifactStore $args[0]", location);
        _session.Run(Publish, location, 1);
        using (IsolatedEnvironment.WithoutCredentials(reader))
        {
            Assert.Equal(
                1L,
                _session.One("Get-ArtifactContent m a.json -As Object -Store $args[0]", location).BaseObject
            );
            Assert.Empty(_session.Run("Test-ArtifactStore $args[0] -Full", location));
            foreach (
                var command in new[]
                {
                    Publish,
                    "Set-ArtifactAlias m prod -Store $args[0]",
                    "Remove-Artifact m:v0 -Force -Confirm:$false -Store $args[0]",
                }
            )
            {
                var error = _session.Fail(command, location, 2);
                Assert.Equal("StoreUnavailable", error.Id());
                Assert.Contains("access was denied", error.Exception.Message, StringComparison.Ordinal);
                Assert.Contains(missing, error.Exception.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("sig=", error.Exception.ToString(), StringComparison.Ordinal);
            }
        }
        Assert.Equal(["m:v0"], _session.Texts("Get-Artifact -Store $args[0] | ForEach-Object Reference", location));
        await Task.CompletedTask;
    }

    private static string SecretOf(string kind, string permissions, TimeSpan lasts) =>
        kind switch
        {
            "account" => Azurite.AccountSas(permissions, lasts),
            "container" => Azurite.ContainerSas(permissions, lasts),
            _ => Azurite.Key,
        };

    // The portal shows it with a question mark; a connection string has none.
    private static async Task<string> SaidAsync(string kind, string place)
    {
        var secret = SecretOf(kind, All, AnHour);
        var endpoint = (await TestServers.AzureAsync()).Endpoint();
        return place == "AZURE_STORAGE_SAS_TOKEN" ? "?" + secret
            : kind == "key" ? Azurite.ConnectionString(endpoint)
            : $"BlobEndpoint={endpoint};SharedAccessSignature={secret}";
    }
}
