using System.Text.Json;
using ArtifactsPS.Tests.Servers;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Stores;

/// <summary>The commands, on references to objects of real servers.</summary>
[Collection(SerialCollection.Name)] // The environment names the servers.
public sealed class ReferenceServerTests : IDisposable
{
    private const string Config = "ARTIFACTS_CONFIG";

    private readonly PowerShellSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Exact_versions_are_restored_after_overwrite_and_deletion()
    {
        var (gateway, bucket) = await CreateAsync();
        using var environment = EnvironmentOf(gateway);
        await gateway.EnableVersioningAsync(bucket);
        await gateway.PutObjectAsync(bucket, "raw/a b+%.txt", "old"u8.ToArray());
        await gateway.PutObjectAsync(bucket, "raw/b/é.txt", "deleted"u8.ToArray());
        Assert.Equal("v0", Publish($"s3://{bucket}/raw/", "raw").Text("Version"));
        Assert.Equal("v0", Publish($"s3://{bucket}/raw/", "raw").Text("Version"));
        await gateway.PutObjectAsync(bucket, "raw/a b+%.txt", "new value"u8.ToArray());
        await gateway.DeleteObjectAsync(bucket, "raw/b/é.txt");

        Assert.Equal("v1", Publish($"s3://{bucket}/raw/", "raw").Text("Version"));
        _session.Run("Save-Artifact data:v0 old; Save-Artifact data:v1 new");
        Assert.Equal("old", Read("old/raw/a b+%.txt"));
        Assert.Equal("deleted", Read("old/raw/b/é.txt"));
        Assert.Equal("new value", Read("new/raw/a b+%.txt"));
        Assert.False(File.Exists(Path.Combine(_session.Folder, "new/raw/b/é.txt")));
        Assert.Equal("old", _session.One("Get-ArtifactContent data:v0 'raw/a b+%.txt'").BaseObject);
        Assert.Equal(
            [true, true],
            [
                .. _session
                    .Run("Test-Artifact data:v0 -Full -Quiet; Test-Artifact data:v1 -Quiet")
                    .Select(item => item.BaseObject),
            ]
        );
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("az")]
    public async Task Changed_and_missing_targets_are_reported(string scheme)
    {
        var (prefix, put, environment) = await PlaceAsync(scheme);
        using var _ = environment;
        await put("a.txt", "one");
        await put("b.txt", "two");
        await put("deep/c.txt", "three");
        Publish(prefix);
        _session.Run("Save-Artifact data before");
        Assert.Equal("three", Read("before/deep/c.txt"));
        Assert.Empty(_session.Run("Test-Artifact data; Test-Artifact data -Full"));
        await put("b.txt", "TWO");

        _session.Try("Save-Artifact data after");
        var failure = Assert.Single(_session.Errors);
        Assert.StartsWith("ReferenceChanged,", failure.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["a.txt", "deep/c.txt"], FilesIn("after"));
        Assert.Equal("b.txt", _session.One("Test-Artifact data").Text("EntryPath"));
        Assert.StartsWith(
            "ReferenceNotFound,",
            _session
                .Fail("New-Artifact other dataset | Add-ArtifactReference $args[0]", prefix + "none")
                .FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("az")]
    public async Task Public_data_needs_no_credentials(string scheme)
    {
        var (prefix, put, environment) = await PlaceAsync(scheme);
        environment.Dispose();
        await put("deep/a.txt", "one");
        // The path shows whether the servers are installed.
        var path = ("PATH", Environment.GetEnvironmentVariable("PATH"));
        using var anonymous = await AnonymousAsync(scheme, prefix, path);

        var denied = _session.Fail("New-Artifact data dataset | Add-ArtifactReference $args[0]", prefix + "deep/a.txt");
        Assert.StartsWith("ReferenceAccessDenied,", denied.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("no credentials were found", denied.ToString(), StringComparison.Ordinal);
        await PublishAsync(scheme, prefix);
        Publish(prefix);
        _session.Run("Save-Artifact data out");
        Assert.Equal("one", Read("out/deep/a.txt"));
    }

    [Fact]
    public async Task Options_of_a_registered_store_apply_to_its_bucket()
    {
        var (gateway, bucket) = await CreateAsync();
        await gateway.PutObjectAsync(bucket, "key", "one"u8.ToArray());
        using var config = new TempFolder();
        using var environment = IsolatedEnvironment.WithoutCredentials(
            (Config, config.Path),
            ("AWS_ACCESS_KEY_ID", RadosGateway.AccessKey),
            ("AWS_SECRET_ACCESS_KEY", RadosGateway.SecretKey)
        );
        Register(config, $"s3://{bucket}?endpoint={gateway.Endpoint()}");

        Publish($"s3://{bucket}/key");
        Assert.Equal("one", _session.One("Get-ArtifactContent data key").BaseObject);
    }

    private PSObject Publish(string uri, string? name = null) =>
        _session.One(
            "$name = if ($args[1]) { @{ Name = $args[1] } } else { @{} }; "
                + "New-Artifact data dataset | Add-ArtifactReference $args[0] @name | Publish-Artifact",
            uri,
            name
        );

    private string Read(string path) => File.ReadAllText(Path.Combine(_session.Folder, path));

    private string[] FilesIn(string folder) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(_session.Folder, folder), "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Path.Combine(_session.Folder, folder), file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

    private static async Task<(string Prefix, Func<string, string, Task> Put, IDisposable Environment)> PlaceAsync(
        string scheme
    )
    {
        if (scheme == "s3")
        {
            var (gateway, bucket) = await CreateAsync();
            return (
                $"s3://{bucket}/",
                (key, text) => gateway.PutObjectAsync(bucket, key, Bytes(text)),
                EnvironmentOf(gateway)
            );
        }
        var azurite = await TestServers.AzureAsync();
        var container = $"c{Guid.NewGuid():N}";
        await azurite.CreateContainerAsync(container);
        return (
            $"az://{Azurite.Account}/{container}/",
            (name, text) => azurite.PutBlobAsync(container, name, Bytes(text)),
            Registered(
                azurite,
                container,
                ("AZURE_STORAGE_CONNECTION_STRING", Azurite.ConnectionString(azurite.Endpoint()))
            )
        );
    }

    private static async Task<IDisposable> AnonymousAsync(
        string scheme,
        string prefix,
        (string Name, string? Value) path
    ) =>
        scheme == "s3"
            ? IsolatedEnvironment.WithoutCredentials(
                ("AWS_ENDPOINT_URL", (await TestServers.S3Async()).Endpoint()),
                ("AWS_EC2_METADATA_DISABLED", "true"),
                path
            )
            : Registered(await TestServers.AzureAsync(), ContainerOf(prefix), path);

    private static async Task PublishAsync(string scheme, string prefix)
    {
        if (scheme == "s3")
            await (await TestServers.S3Async()).PublishAsync(prefix["s3://".Length..^1]);
        else
            await (await TestServers.AzureAsync()).PublishAsync(ContainerOf(prefix));
    }

    private static string ContainerOf(string prefix) => prefix.Split('/')[^2];

    private static IsolatedEnvironment EnvironmentOf(RadosGateway gateway) =>
        IsolatedEnvironment.WithoutCredentials(
            ("AWS_ACCESS_KEY_ID", RadosGateway.AccessKey),
            ("AWS_SECRET_ACCESS_KEY", RadosGateway.SecretKey),
            ("AWS_ENDPOINT_URL", gateway.Endpoint()),
            ("AWS_REGION", "us-east-1")
        );

    // Azurite needs an option of a location.
    private static Composite Registered(
        Azurite azurite,
        string container,
        params (string Name, string? Value)[] variables
    )
    {
        var config = new TempFolder();
        Register(
            config,
            $"az://{Azurite.Account}/{container}?endpoint={azurite.Endpoint()}&apiVersion={Azurite.ApiVersion}"
        );
        return new Composite(IsolatedEnvironment.WithoutCredentials([(Config, config.Path), .. variables]), config);
    }

    private static async Task<(RadosGateway Gateway, string Bucket)> CreateAsync()
    {
        var gateway = await TestServers.S3Async();
        var bucket = $"b{Guid.NewGuid():N}";
        await gateway.MakeBucketAsync(bucket);
        return (gateway, bucket);
    }

    // Register-ArtifactStore needs a store at the place.
    private static void Register(TempFolder config, string location)
    {
        var folder = Directory.CreateDirectory(Path.Combine(config.Path, "stores"));
        File.WriteAllText(
            Path.Combine(folder.FullName, "lab.json"),
            JsonSerializer.Serialize(new { name = "lab", location })
        );
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private sealed class Composite(params IDisposable[] parts) : IDisposable
    {
        public void Dispose()
        {
            foreach (var part in parts)
                part.Dispose();
        }
    }
}
