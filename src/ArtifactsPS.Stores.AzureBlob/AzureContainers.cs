using System.Globalization;
using System.Net;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Storage.Remote;
using Azure;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>Opens containers with the options of a location, and with the user's credential or one from the environment.</summary>
internal static class AzureContainers
{
    internal const string Endpoint = "endpoint";
    private const string ApiVersion = "apiVersion";
    private const string ConnectionString = "AZURE_STORAGE_CONNECTION_STRING";
    private const string SasToken = "AZURE_STORAGE_SAS_TOKEN";
    private const string Account = "AZURE_STORAGE_ACCOUNT";

    /// <summary>Opens the container of a store.</summary>
    /// <exception cref="InvalidStoreLocationException">The credential is for another account.</exception>
    /// <exception cref="BucketException">The credential is invalid, or none was found that can be used.</exception>
    public static (BlobContainerClient Container, AzureCopySource Source) ForStore(
        StoreAddress address,
        NetworkCredential? credential,
        AzureErrors errors
    )
    {
        var options = OptionsOf(address);
        var uri = UriOf(address, address.Segments[0]);
        if (credential is not null)
            return Container(address, uri, credential, options, errors);
        if (Environment.GetEnvironmentVariable(ConnectionString) is { Length: > 0 } connection)
            return Container(address, address.Segments[0], connection, options, errors);
        if (Environment.GetEnvironmentVariable(SasToken) is { Length: > 0 } token)
            return WithSas(uri, token, options, errors);
        if (uri.Scheme != "https")
            throw new BucketException(
                BucketFailure.Refused,
                "no credentials were found that can be sent without TLS. Give them with "
                    + "-Credential of New-ArtifactStore and Register-ArtifactStore, "
                    + $"or in {ConnectionString} or {SasToken}."
            );
        var found = new FoundCredential();
        return (new BlobContainerClient(uri, found, options), new AzureCopySource(signature: null, found));
    }

    /// <summary>Opens the container of targets of references: without credentials where none are found.</summary>
    /// <param name="name">Name of the container.</param>
    /// <param name="withTokens">Whether tokens of Azure's tools may be used.</param>
    /// <param name="credentials">Whether the container is opened with credentials, and with which.</param>
    /// <inheritdoc cref="ForStore"/>
    public static BlobContainerClient ForReferences(
        StoreAddress address,
        string name,
        NetworkCredential? credential,
        bool withTokens,
        AzureErrors errors,
        out AzureCredentials credentials
    )
    {
        var options = OptionsOf(address);
        var uri = UriOf(address, name);
        credentials = AzureCredentials.Given;
        if (credential is not null)
            return Container(address, uri, credential, options, errors).Container;
        // Credentials for another account are of no use here, and aren't sent there.
        if (
            Environment.GetEnvironmentVariable(ConnectionString) is { Length: > 0 } connection
            && IsAccountOf(address, ServiceOf(connection, options).AccountName)
        )
            return Container(address, name, connection, options, errors).Container;
        if (
            Environment.GetEnvironmentVariable(SasToken) is { Length: > 0 } token
            && (
                Environment.GetEnvironmentVariable(Account) is not { Length: > 0 } account
                || IsAccountOf(address, account)
            )
        )
            return WithSas(uri, token, options, errors).Container;
        credentials = withTokens && uri.Scheme == "https" ? AzureCredentials.Tokens : AzureCredentials.None;
        return credentials == AzureCredentials.Tokens
            ? new BlobContainerClient(uri, new FoundCredential(), options)
            : new BlobContainerClient(uri, options);
    }

    private static (BlobContainerClient Container, AzureCopySource Source) Container(
        StoreAddress address,
        Uri uri,
        NetworkCredential credential,
        BlobClientOptions options,
        AzureErrors errors
    )
    {
        if (!IsAccountOf(address, credential.UserName))
            throw address.Invalid(
                $"the user name of the credential must be the account, '{address.Root}', and the password its key or a SAS"
            );
        if (credential.Password.IndexOf("sig=", StringComparison.Ordinal) >= 0)
            return WithSas(uri, credential.Password, options, errors);
        try
        {
            return WithKey(uri, new StorageSharedKeyCredential(credential.UserName, credential.Password), options);
        }
        catch (FormatException)
        {
            throw NotReadable("the password of the credential is neither an account key nor a SAS");
        }
    }

    private static (BlobContainerClient Container, AzureCopySource Source) Container(
        StoreAddress address,
        string name,
        string connection,
        BlobClientOptions options,
        AzureErrors errors
    )
    {
        var service = ServiceOf(connection, options);
        // Prevents writing to another account than the named one.
        if (!IsAccountOf(address, service.AccountName))
            throw address.Invalid(
                $"{ConnectionString} is for the account '{service.AccountName}'. Name that account in the location, or change the variable"
            );
        var parts = connection
            .Split(';')
            .Select(part => part.Split(['='], 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0].Trim(), part => part[1], StringComparer.OrdinalIgnoreCase);
        var signature = parts.TryGetValue("SharedAccessSignature", out var sas) ? Trimmed(sas, errors) : null;
        if (address.ServerOf(Endpoint) is null)
            return (service.GetBlobContainerClient(name), new AzureCopySource(signature, tokens: null));
        // The location's server replaces the connection string's. The credential still comes from the connection string.
        return parts.TryGetValue("AccountKey", out var key)
                ? WithKey(UriOf(address, name), new StorageSharedKeyCredential(service.AccountName, key), options)
            : signature is not null ? WithSas(UriOf(address, name), signature, options, errors)
            : throw NotReadable($"{ConnectionString} has neither an AccountKey nor a SharedAccessSignature");
    }

    private static (BlobContainerClient Container, AzureCopySource Source) WithKey(
        Uri uri,
        StorageSharedKeyCredential key,
        BlobClientOptions options
    ) => (new BlobContainerClient(uri, key, options), new AzureCopySource(signature: null, tokens: null));

    private static (BlobContainerClient Container, AzureCopySource Source) WithSas(
        Uri uri,
        string token,
        BlobClientOptions options,
        AzureErrors errors
    )
    {
        var signature = Trimmed(token, errors);
        return (
            new BlobContainerClient(uri, new AzureSasCredential(signature), options),
            new AzureCopySource(signature, tokens: null)
        );
    }

    private static string Trimmed(string token, AzureErrors errors)
    {
        token = token.Trim().TrimStart('?');
        errors.SasEnd = SasEndOf(token);
        return token;
    }

    private static DateTimeOffset? SasEndOf(string token) =>
        token.Split('&').FirstOrDefault(part => part.StartsWith("se=", StringComparison.Ordinal)) is { } part
        && DateTimeOffset.TryParse(
            Uri.UnescapeDataString(part.Substring(3)),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var end
        )
            ? end
            : null;

    private static BlobServiceClient ServiceOf(string connection, BlobClientOptions options)
    {
        try
        {
            return new BlobServiceClient(connection, options);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            throw NotReadable($"{ConnectionString} can't be read as a connection string");
        }
    }

    private static Uri UriOf(StoreAddress address, string container)
    {
        var service =
            address.ServerOf(Endpoint)?.ToString().TrimEnd('/') ?? $"https://{address.Root}.blob.core.windows.net";
        return new Uri($"{service}/{container}");
    }

    private static BlobClientOptions OptionsOf(StoreAddress address)
    {
        var options = address.Options.TryGetValue(ApiVersion, out var text)
            ? new BlobClientOptions(VersionOf(address, text))
            : new BlobClientOptions();
        // The SDK sends each request once. Core decides about retries.
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
            : throw address.Invalid(
                $"option '{ApiVersion}' must be a version of the service that the SDK knows, for example 2025-11-05"
            );

    private static BucketException NotReadable(string what) => new(BucketFailure.Refused, what + ".");

    private static bool IsAccountOf(StoreAddress address, string account) =>
        string.Equals(account, address.Root, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Credentials of the requests for targets of references.</summary>
internal enum AzureCredentials
{
    /// <summary>None: public containers only.</summary>
    None,

    /// <summary>A key or SAS.</summary>
    Given,

    /// <summary>Tokens of Azure's tools, if these have any.</summary>
    Tokens,
}
