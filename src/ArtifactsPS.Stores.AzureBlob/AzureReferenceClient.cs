using System.Net;
using ArtifactsPS.Core.Storage.Kinds;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>Client for targets of references in a container. The first request finds out whether Azure's tools have
/// credentials.</summary>
internal sealed class AzureReferenceClient
{
    private readonly StoreAddress _address;
    private readonly string _name;
    private readonly NetworkCredential? _credential;
    private readonly AzureReferenceErrors _errors;
    private readonly object _lock = new();
    private BlobContainerClient? _container;
    private AzureCredentials _credentials;

    public AzureReferenceClient(StoreAddress address, string name, NetworkCredential? credential)
    {
        (_address, _name, _credential) = (address, name, credential);
        _errors = new AzureReferenceErrors(address, name);
    }

    /// <summary>Sends a request: without credentials if there are none.</summary>
    public Task<T> SendAsync<T>(Func<BlobContainerClient, Task<T>> request) =>
        _errors.MappedAsync(async () =>
        {
            try
            {
                return await request(Open(withTokens: true)).ConfigureAwait(false);
            }
            catch (CredentialUnavailableException)
            {
                return await request(Open(withTokens: false)).ConfigureAwait(false);
            }
        });

    private BlobContainerClient Open(bool withTokens)
    {
        lock (_lock)
        {
            if (_container is null || (!withTokens && _credentials == AzureCredentials.Tokens))
                _container = AzureContainers.ForReferences(
                    _address,
                    _name,
                    _credential,
                    withTokens,
                    _errors,
                    out _credentials
                );
            _errors.IsAnonymous = _credentials == AzureCredentials.None;
            return _container;
        }
    }
}
