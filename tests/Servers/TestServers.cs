namespace ArtifactsPS.Tests.Servers;

/// <summary>The servers that tests need, each started by the first that does and ended after the last test.</summary>
public sealed class TestServers : IDisposable
{
    private static readonly string Repository = RepositoryOf(AppContext.BaseDirectory);
    private static readonly Lazy<Task<RadosGateway>> Gateway = new(RadosGateway.StartAsync);
    private static readonly Lazy<Task<Azurite>> Blobs = new(() => Azurite.StartAsync(Repository));

    /// <summary>The S3 server; a test that asks is skipped where there can be none.</summary>
    internal static async Task<RadosGateway> S3Async()
    {
        Assert.SkipWhen(RadosGateway.Missing is not null, RadosGateway.Missing ?? "");
        var gateway = await Gateway.Value;
        // For the processes that tests start, and the stores that they open by their location alone.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", RadosGateway.AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", RadosGateway.SecretKey);
        return gateway;
    }

    /// <summary>The Azure Blob server; a test that asks is skipped where there can be none.</summary>
    internal static async Task<Azurite> AzureAsync()
    {
        Assert.SkipWhen(Azurite.Missing(Repository) is not null, Azurite.Missing(Repository) ?? "");
        var blobs = await Blobs.Value;
        Environment.SetEnvironmentVariable(
            "AZURE_STORAGE_CONNECTION_STRING",
            Azurite.ConnectionString(blobs.Endpoint())
        );
        return blobs;
    }

    /// <summary>The location of an empty place of its own on a server: <c>s3</c> or <c>az</c>.</summary>
    internal static async Task<string> LocationAsync(string scheme)
    {
        var prefix = Guid.NewGuid().ToString("N");
        return scheme == "s3"
            ? $"s3://{RadosGateway.Bucket}/{prefix}?endpoint={(await S3Async()).Endpoint()}"
            : $"az://{Azurite.Account}/{Azurite.Container}/{prefix}"
                + $"?apiVersion={Azurite.ApiVersion}&endpoint={(await AzureAsync()).Endpoint()}";
    }

    /// <summary>The same; null where there can be no such server.</summary>
    internal static async Task<string?> LocationIfAnyAsync(string scheme) =>
        (scheme == "s3" ? RadosGateway.Missing : Azurite.Missing(Repository)) is null
            ? await LocationAsync(scheme)
            : null;

    public void Dispose()
    {
        if (Gateway.IsValueCreated && Gateway.Value.IsCompletedSuccessfully)
            Gateway.Value.Result.Dispose();
        if (Blobs.IsValueCreated && Blobs.Value.IsCompletedSuccessfully)
            Blobs.Value.Result.Dispose();
    }

    private static string RepositoryOf(string folder) =>
        File.Exists(Path.Combine(folder, "Artifacts.psd1")) ? folder : RepositoryOf(Path.GetDirectoryName(folder)!);
}
