namespace ArtifactsPS.Tests.Servers;

/// <summary>Servers for tests. The first test that needs a server starts it; all stop after the last test.</summary>
public sealed class TestServers : IDisposable
{
    internal static readonly string Repository = RepositoryOf(AppContext.BaseDirectory);
    private static readonly Lazy<Task<RadosGateway>> Gateway = new(RadosGateway.StartAsync);
    private static readonly Lazy<Task<Azurite>> Blobs = new(() => Azurite.StartAsync(Repository));

    /// <summary>Returns the S3 server. Skips the test where it isn't installed.</summary>
    internal static async Task<RadosGateway> S3Async()
    {
        Assert.SkipWhen(RadosGateway.Missing is not null, RadosGateway.Missing ?? "");
        var gateway = await Gateway.Value;
        // For processes that tests start, and for stores that they open without a credential.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", RadosGateway.AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", RadosGateway.SecretKey);
        return gateway;
    }

    /// <summary>Returns the Azure Blob server. Skips the test where it isn't installed.</summary>
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

    /// <summary>Returns the location of an empty place for a store.</summary>
    internal static Task<string> LocationAsync(string scheme) => StoreFixtures.Of(scheme).CreateLocationAsync();

    /// <summary>Returns the location of an empty place; null where the server isn't installed.</summary>
    internal static async Task<string?> LocationIfAnyAsync(string scheme) =>
        StoreFixtures.Of(scheme).SkipReason is null ? await LocationAsync(scheme) : null;

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
