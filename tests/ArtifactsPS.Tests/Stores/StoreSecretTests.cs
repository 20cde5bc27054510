using System.Text;
using ArtifactsPS.Tests.Servers;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Stores;

/// <summary>Secrets are used and nowhere kept: all streams and all files are searched for them.</summary>
[Collection(SerialCollection.Name)] // Stores are registered.
public sealed class StoreSecretTests : IDisposable
{
    private const string Secret = "hush/+S3cret0123456789";

    private readonly PowerShellSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [MemberData(nameof(StoreFixtures.Remote), MemberType = typeof(StoreFixtures))]
    public async Task Credential_is_used_for_session_and_never_written(string scheme)
    {
        var location = await TestServers.LocationAsync(scheme);
        var (user, secret) =
            scheme == "s3" ? (RadosGateway.AccessKey, RadosGateway.SecretKey) : (Azurite.Account, Azurite.Key);
        var said = _session.RunWithAllStreams(
            """
            $store = New-ArtifactStore $args[0] -Credential $args[1] | Register-ArtifactStore secretly -Credential $args[1]
            Start-ArtifactRun -Name r -Store secretly
            New-Artifact m model -Store secretly | Add-ArtifactObject -InputObject 1 -Name a.json | Publish-Artifact
            Stop-ArtifactRun
            Get-ArtifactHistory m -Store secretly
            Get-ArtifactStore secretly
            """,
            location,
            new PSCredential(user, PowerShellSession.Secure(secret))
        );
        Assert.Contains("m:v0", said, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
        AssertNotWritten(secret);
        foreach (var key in await KeysAsync(location))
            Assert.DoesNotContain(secret, key, StringComparison.Ordinal);
        _session.Run("Unregister-ArtifactStore secretly");
    }

    [Theory]
    [MemberData(nameof(StoreFixtures.Remote), MemberType = typeof(StoreFixtures))]
    public async Task Wrong_credential_is_an_error_without_the_secret(string scheme)
    {
        var location = await TestServers.LocationAsync(scheme);
        var user = scheme == "s3" ? RadosGateway.AccessKey : Azurite.Account;
        var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret));
        var said = _session.RunWithAllStreams(
            "New-ArtifactStore $args[0] -Credential $args[1]",
            location,
            new PSCredential(user, PowerShellSession.Secure(secret))
        );
        Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
        var error = Assert.Single(_session.Errors);
        Assert.Equal("StoreUnavailable", error.Id());
        Assert.DoesNotContain(secret, error.Exception.ToString(), StringComparison.Ordinal);
        Assert.True(error.Exception.Message.Contains("-Credential", StringComparison.Ordinal), error.Exception.Message);
        AssertNotWritten(secret);
        // The credential isn't remembered; the environment's is used.
        _session.Run("New-ArtifactStore $args[0]", location);
    }

    [Theory]
    [InlineData("New-ArtifactStore 's3://user:hush@bucket/prefix'")]
    [InlineData("Register-ArtifactStore x 's3://bucket?secretKey=hush'")]
    [InlineData("Register-ArtifactStore x s3://bucket -Option @{ secretKey = 'hush' }")]
    [InlineData("Get-ArtifactStore 'az://account/container?sv=1&sig=hush'")]
    [InlineData("Get-Artifact -Store 'az://account/container?sv=1&sig=hush'")]
    [InlineData("Test-ArtifactStore 's3://user:hush@bucket'")]
    [InlineData("Optimize-ArtifactStore 's3://user:hush@bucket'")]
    [InlineData("New-Artifact a b -Store 's3://user:hush@bucket'")]
    public void Location_with_secret_is_refused_without_repeating_it(string command)
    {
        // Checks the output; the command line itself, typed by the user, has the secret.
        _session.Try(command);
        var error = Assert.Single(_session.Errors);
        Assert.Equal("InvalidStoreLocation", error.Id());
        Assert.DoesNotContain("hush", error.Exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", $"{error.TargetObject}", StringComparison.Ordinal);
        Assert.DoesNotContain("hush", $"{error.CategoryInfo}", StringComparison.Ordinal);
        Assert.Contains("environment", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("-Credential", error.Exception.Message, StringComparison.Ordinal);
        AssertNotWritten("hush");
    }

    // Registrations, caches, the default store, and what the session wrote in its own folder.
    private void AssertNotWritten(string secret)
    {
        foreach (var folder in new[] { Suite.UserFolder, Path.GetDirectoryName(_session.Folder)! })
        foreach (
            var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : []
        )
            Assert.True(
                File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0,
                $"'{file}' holds the secret."
            );
    }

    // A copy in a folder has all keys of the store.
    private async Task<List<string>> KeysAsync(string location)
    {
        var copy = Path.Combine(_session.Folder, "copy");
        _session.Run("New-ArtifactStore $args[0]; Copy-Artifact m $args[0] -Store $args[1]", copy, location);
        var texts = new List<string>();
        foreach (var file in Directory.GetFiles(copy, "*", SearchOption.AllDirectories))
            texts.Add(await File.ReadAllTextAsync(file));
        return texts;
    }
}
