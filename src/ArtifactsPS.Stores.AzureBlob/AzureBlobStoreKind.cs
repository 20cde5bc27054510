using System.Net;
using Azure;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>Stores at <c>az://account/container/prefix</c>.</summary>
public sealed class AzureBlobStoreKind : IStoreKind
{
    private const string Endpoint = "endpoint";
    private const string ApiVersion = "apiVersion";
    private const string PartSize = "partSize";
    private const string ConnectionString = "AZURE_STORAGE_CONNECTION_STRING";
    private const string SasToken = "AZURE_STORAGE_SAS_TOKEN";
    private const int DefaultPartSize = 8;

    /// <inheritdoc/>
    public string Scheme => "az";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Options => [Endpoint, ApiVersion, PartSize];

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Variables =>
        [
            ConnectionString,
            SasToken,
            "AZURE_CLIENT_ID",
            "AZURE_CLIENT_SECRET",
            "AZURE_CLIENT_CERTIFICATE_PATH",
            "AZURE_TENANT_ID",
            "AZURE_FEDERATED_TOKEN_FILE",
        ];

    /// <inheritdoc/>
    public (IBucket Bucket, string Prefix) Open(StoreAddress address, NetworkCredential? credential)
    {
        if (address.Segments.Count == 0)
            throw address.Invalid("the name of the container is missing: az://account/container/prefix");
        var limits = new BucketLimits
        {
            LargestPut = 5000L << 20,
            PartSize = (address.NumberOf(PartSize, 1, 1024) ?? DefaultPartSize) << 20,
            Parts = 50_000,
        };
        var container = Container(address, credential);
        return (new AzureBucket(container, limits, new AzureErrors(address)), address.PrefixAfter(1));
    }

    private static BlobContainerClient Container(StoreAddress address, NetworkCredential? credential)
    {
        var options = OptionsOf(address);
        var uri = UriOf(address);
        if (credential is not null)
            return Container(address, uri, credential, options);
        if (Environment.GetEnvironmentVariable(ConnectionString) is { Length: > 0 } connection)
            return Container(address, connection, options);
        if (Environment.GetEnvironmentVariable(SasToken) is { Length: > 0 } token)
            return new BlobContainerClient(uri, Sas(token), options);
        if (uri.Scheme != "https")
            throw new BucketException(
                BucketFailure.Refused,
                "no credentials were found that can be sent without TLS. They were looked for in: "
                    + "-Credential of New-ArtifactStore and Register-ArtifactStore, "
                    + $"{ConnectionString}, {SasToken}."
            );
        return new BlobContainerClient(uri, new DefaultAzureCredential(), options);
    }

    private static BlobContainerClient Container(
        StoreAddress address,
        Uri uri,
        NetworkCredential credential,
        BlobClientOptions options
    )
    {
        if (!string.Equals(credential.UserName, address.Root, StringComparison.OrdinalIgnoreCase))
            throw address.Invalid(
                $"the user name of the credential is the account's, '{address.Root}'; the password is the account's key, or a SAS"
            );
        if (credential.Password.IndexOf("sig=", StringComparison.Ordinal) >= 0)
            return new BlobContainerClient(uri, Sas(credential.Password), options);
        try
        {
            return new BlobContainerClient(
                uri,
                new StorageSharedKeyCredential(credential.UserName, credential.Password),
                options
            );
        }
        catch (FormatException)
        {
            throw NotReadable("the password of the credential is neither an account's key nor a SAS");
        }
    }

    private static BlobContainerClient Container(StoreAddress address, string connection, BlobClientOptions options)
    {
        BlobServiceClient service;
        try
        {
            service = new BlobServiceClient(connection, options);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            throw NotReadable($"{ConnectionString} can't be read as a connection string");
        }
        // Nobody is to write to another account than the one that was named.
        if (!string.Equals(service.AccountName, address.Root, StringComparison.OrdinalIgnoreCase))
            throw address.Invalid(
                $"{ConnectionString} is for the account '{service.AccountName}'. Name that one, or give the other's"
            );
        if (address.ServerOf(Endpoint) is null)
            return service.GetBlobContainerClient(address.Segments[0]);
        // The location's server has precedence over the connection string's; who the user is comes from there all the same.
        var parts = connection
            .Split(';')
            .Select(part => part.Split(['='], 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0].Trim(), part => part[1], StringComparer.OrdinalIgnoreCase);
        return parts.TryGetValue("AccountKey", out var key)
                ? new BlobContainerClient(
                    UriOf(address),
                    new StorageSharedKeyCredential(service.AccountName, key),
                    options
                )
            : parts.TryGetValue("SharedAccessSignature", out var sas)
                ? new BlobContainerClient(UriOf(address), Sas(sas), options)
            : throw NotReadable($"{ConnectionString} has neither an AccountKey nor a SharedAccessSignature");
    }

    private static AzureSasCredential Sas(string token) => new(token.Trim().TrimStart('?'));

    private static Uri UriOf(StoreAddress address)
    {
        var service =
            address.ServerOf(Endpoint)?.ToString().TrimEnd('/') ?? $"https://{address.Root}.blob.core.windows.net";
        return new Uri($"{service}/{address.Segments[0]}");
    }

    private static BlobClientOptions OptionsOf(StoreAddress address)
    {
        var options = address.Options.TryGetValue(ApiVersion, out var text)
            ? new BlobClientOptions(VersionOf(address, text))
            : new BlobClientOptions();
        // Each request is sent once: whether it may be sent again is decided above.
        options.Retry.MaxRetries = 0;
        options.Retry.NetworkTimeout = TimeSpan.FromDays(1);
        options.Transport = new HttpClientTransport(BucketHttp.Client);
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        return options;
    }

    private static BlobClientOptions.ServiceVersion VersionOf(StoreAddress address, string text) =>
        Enum.TryParse("V" + text.Replace('-', '_'), out BlobClientOptions.ServiceVersion version)
        && Enum.IsDefined(typeof(BlobClientOptions.ServiceVersion), version)
            ? version
            : throw address.Invalid($"option '{ApiVersion}' is one of the service's versions, for example 2025-11-05");

    private static BucketException NotReadable(string what) => new(BucketFailure.Refused, what + ".");
}
