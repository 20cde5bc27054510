using Azure;
using Azure.Core;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>Authorization of the service to read a blob that it copies. It reads the blob by a URI, and not as the user of the
/// request.</summary>
/// <param name="signature">The user's SAS, without a question mark; null if the user has another credential.</param>
/// <param name="tokens">The user's tokens; null if the user has a key or SAS.</param>
internal sealed class AzureCopySource(string? signature, TokenCredential? tokens)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private static readonly string[] Scopes = ["https://storage.azure.com/.default"];

    /// <summary>Address of a blob, with a SAS unless it is read with <see cref="TokenAsync"/>.</summary>
    public Uri UriOf(BlockBlobClient blob) =>
        signature is not null ? new UriBuilder(blob.Uri) { Query = signature }.Uri
        : tokens is null && blob.CanGenerateSasUri
            ? blob.GenerateSasUri(BlobSasPermissions.Read, DateTimeOffset.UtcNow + Lifetime)
        : blob.Uri;

    /// <summary>Token to read a blob with; null if its address has a SAS.</summary>
    public async Task<HttpAuthorization?> TokenAsync(CancellationToken cancellationToken)
    {
        if (tokens is null)
            return null;
        var token = await tokens
            .GetTokenAsync(new TokenRequestContext(Scopes), cancellationToken)
            .ConfigureAwait(false);
        return new HttpAuthorization("Bearer", token.Token);
    }
}
