using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>
/// The stores that this process has opened by URI. Each is kept, with its connections, until the user's credential or an
/// environment variable of its kind changes. This is the only place that keeps credentials that a user gave.
/// </summary>
internal sealed class StoreConnections(StoreKindLoader loader)
{
    private readonly Dictionary<string, IObjectStore> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NetworkCredential> _credentials = new(StringComparer.Ordinal);

    public static StoreConnections OfProcess { get; } = new(StoreKindLoader.OfModule);

    /// <summary>Opens the place at an address, whether or not it has a store.</summary>
    /// <param name="address">The address.</param>
    /// <param name="access">Without a credential, the remembered one is used, or else the one that the service's own tools
    /// find.</param>
    /// <exception cref="InvalidStoreLocationException">The address isn't the location of a store.</exception>
    /// <exception cref="StoreUnavailableException">No credentials were found.</exception>
    public IObjectStore Open(StoreAddress address, StoreAccess access)
    {
        var kind = loader.Describe(address);
        var location = address.ToString();
        lock (_open)
        {
            var credential =
                access.Credential ?? (_credentials.TryGetValue(location, out var remembered) ? remembered : null);
            var key = $"{location}\n{access.TimeLimit}\n{access.RetryLimit}\n{Fingerprint(kind, credential)}";
            if (!_open.TryGetValue(key, out var store))
            {
                store = loader
                    .Load(kind, location)
                    .Open(
                        address,
                        new StoreAccess
                        {
                            Credential = credential,
                            TimeLimit = access.TimeLimit,
                            RetryLimit = access.RetryLimit,
                        }
                    );
                _open.Add(key, store);
            }
            (store as IRetryingStore)?.RestartRetries();
            return store;
        }
    }

    /// <summary>Describes how the user reaches a place that may have no store: with the options and the credential of a store in the
    /// same place.</summary>
    /// <param name="kind">Kind of the place.</param>
    /// <param name="neighbour">Store in the same place; null for none.</param>
    /// <param name="access">A credential in it replaces the store's.</param>
    public PlaceAccess AccessTo(StoreKindDescription kind, StoreAddress? neighbour, StoreAccess access)
    {
        NetworkCredential? remembered = null;
        if (neighbour is not null)
            lock (_open)
                _credentials.TryGetValue(neighbour.ToString(), out remembered);
        var credential = access.Credential ?? remembered;
        return new PlaceAccess(
            new StoreAccess
            {
                Credential = credential,
                Neighbour = neighbour,
                TimeLimit = access.TimeLimit,
                RetryLimit = access.RetryLimit,
                Time = access.Time,
            },
            $"{neighbour}\n{Fingerprint(kind, credential)}"
        );
    }

    /// <summary>Longest current wait for a service; null while all answer.</summary>
    public StoreWait? Wait
    {
        get
        {
            lock (_open)
                return _open
                    .Values.OfType<IRetryingStore>()
                    .Select(store => store.Wait)
                    .OfType<StoreWait>()
                    .OrderByDescending(wait => wait.Elapsed)
                    .FirstOrDefault();
        }
    }

    /// <summary>Remembers a credential for the commands that follow in this process.</summary>
    public void Remember(StoreAddress address, NetworkCredential credential)
    {
        lock (_open)
            _credentials[address.ToString()] = credential;
    }

    /// <summary>Whether a credential of an address is remembered.</summary>
    public bool Remembers(StoreAddress address)
    {
        lock (_open)
            return _credentials.ContainsKey(address.ToString());
    }

    // Detects a change of the user without storing who it is.
    private static string Fingerprint(StoreKindDescription kind, NetworkCredential? credential)
    {
        var identity = new StringBuilder();
        foreach (var variable in kind.EnvironmentVariables)
            identity.Append(Environment.GetEnvironmentVariable(variable)).Append('\0');
        if (credential is not null)
            identity.Append(credential.UserName).Append('\0').Append(credential.Password);
        using var hash = SHA256.Create();
#pragma warning disable CA1850 // HashData is not there on netstandard2.0.
        return Convert.ToBase64String(hash.ComputeHash(Encoding.UTF8.GetBytes(identity.ToString())));
#pragma warning restore CA1850
    }
}

/// <summary>The user's access to a place that may have no store.</summary>
/// <param name="Access">Options, credential and time limits.</param>
/// <param name="Identity">Text that changes with the options, the credential, and the environment variables of the kind. It has no
/// secrets.</param>
internal sealed record PlaceAccess(StoreAccess Access, string Identity);
