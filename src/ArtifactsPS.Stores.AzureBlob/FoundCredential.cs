using System.Net;
using ArtifactsPS.Core.Storage.Remote;
using Azure.Core;
using Azure.Identity;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>
/// Credential of <see cref="DefaultAzureCredential"/>, which tries the machine's identity before the logins of developers. Without
/// an answer it waits most of a minute and then gives up (https://github.com/Azure/azure-sdk-for-net/issues/60650,
/// https://github.com/Azure/azure-sdk-for-net/issues/62761). So the machine is left out unless it answers.
/// </summary>
internal sealed class FoundCredential : TokenCredential
{
    private const string DefaultHost = "http://169.254.169.254";

    private readonly SemaphoreSlim _lock = new(1);
    private DefaultAzureCredential? _found;

    /// <inheritdoc/>
    public override async ValueTask<AccessToken> GetTokenAsync(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    )
    {
        var found = await FindAsync(cancellationToken).ConfigureAwait(false);
        return await found.GetTokenAsync(requestContext, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException("All requests are asynchronous.");

    private async Task<DefaultAzureCredential> FindAsync(CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _found ??= new DefaultAzureCredential(
                new DefaultAzureCredentialOptions
                {
                    ExcludeManagedIdentityCredential = !await HasIdentityAsync(cancellationToken).ConfigureAwait(false),
                }
            );
        }
        finally
        {
            _lock.Release();
        }
    }

    // Hosts of functions and web applications have these variables. A virtual machine has a metadata service.
    private static async Task<bool> HasIdentityAsync(CancellationToken cancellationToken)
    {
        if (Variable("IDENTITY_ENDPOINT") is not null || Variable("MSI_ENDPOINT") is not null)
            return true;
        var host = Variable("AZURE_POD_IDENTITY_AUTHORITY_HOST") ?? DefaultHost;
        // Without the required header, the service only answers that it is missing.
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"{host.TrimEnd('/')}/metadata/identity/oauth2/token?api-version=2018-02-01"
        );
        var answer = await MachineMetadata.AskAsync(request, cancellationToken).ConfigureAwait(false);
        return answer is not (null or HttpStatusCode.Forbidden or HttpStatusCode.NotFound);
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
