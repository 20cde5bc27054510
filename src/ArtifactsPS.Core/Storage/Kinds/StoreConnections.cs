using System.Net;
using System.Security.Cryptography;
using System.Text;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>
/// The stores on services that this process has opened. Each is kept, with its connections and what it knows of who the user
/// is, until something about that is another. Credentials that a user gave are here and nowhere else.
/// </summary>
internal sealed class StoreConnections(StoreKindLoader loader)
{
    private readonly Dictionary<string, BucketObjectStore> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NetworkCredential> _credentials = new(StringComparer.Ordinal);

    public static StoreConnections OfProcess { get; } = new(StoreKindLoader.OfModule);

    /// <summary>Opens what is at an address, be there a store or not.</summary>
    /// <param name="address">The address.</param>
    /// <param name="credential">Null for what was remembered, or else for what the service's own tools would find.</param>
    /// <param name="timeLimit">For so long a request may make no progress; null for the default.</param>
    /// <exception cref="InvalidStoreLocationException">It isn't the location of a store.</exception>
    /// <exception cref="StoreUnavailableException">Nothing says who the user is to the service.</exception>
    public IObjectStore Open(StoreAddress address, NetworkCredential? credential, TimeSpan? timeLimit)
    {
        var kind = loader.KindOf(address);
        var location = address.ToString();
        lock (_open)
        {
            if (credential is null)
                _credentials.TryGetValue(location, out credential);
            var key = $"{location}\n{timeLimit}\n{Fingerprint(kind, credential)}";
            if (_open.TryGetValue(key, out var store))
                return store;
            try
            {
                var (bucket, prefix) = kind.Open(address, credential);
                store = new BucketObjectStore(bucket, location, prefix, timeLimit);
            }
            catch (BucketException e)
            {
                throw new StoreUnavailableException(location, e.Message, e.InnerException);
            }
            _open.Add(key, store);
            return store;
        }
    }

    /// <summary>Remembers a credential for the commands that follow in this process.</summary>
    public void Remember(StoreAddress address, NetworkCredential credential)
    {
        lock (_open)
            _credentials[address.ToString()] = credential;
    }

    // Whether who the user is has changed, without keeping it.
    private static string Fingerprint(IStoreKind kind, NetworkCredential? credential)
    {
        var said = new StringBuilder();
        foreach (var variable in kind.Variables)
            said.Append(Environment.GetEnvironmentVariable(variable)).Append('\0');
        if (credential is not null)
            said.Append(credential.UserName).Append('\0').Append(credential.Password);
        using var hash = SHA256.Create();
#pragma warning disable CA1850 // HashData is not there on netstandard2.0.
        return Convert.ToBase64String(hash.ComputeHash(Encoding.UTF8.GetBytes(said.ToString())));
#pragma warning restore CA1850
    }
}
