using System.Net;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Storage.Kinds;

namespace ArtifactsPS.Core.Storage;

/// <summary>Opens stores by their locations: paths of folders, or URIs of installed kinds of store.</summary>
public static class StoreLocation
{
    /// <summary>Whether a location is a URI rather than the path of a folder.</summary>
    public static bool IsUri(string location) => StoreAddress.Is(location);

    /// <summary>Lists the options that a location may have.</summary>
    /// <param name="location">The beginning of a location; null for the options of all installed kinds.</param>
    public static IReadOnlyList<StoreOption> OptionsOf(string? location) =>
        [
            .. StoreKindLoader
                .OfModule.Installed.Where(kind =>
                    location is null
                    || kind.Schemes.Any(scheme =>
                        location.StartsWith(scheme + "://", StringComparison.OrdinalIgnoreCase)
                    )
                )
                .SelectMany(kind => kind.Options),
        ];

    /// <summary>Opens the place at a location, whether or not it has a store.</summary>
    /// <param name="location">The full path of a folder, or a URI.</param>
    /// <param name="access">Credential and time limits for a remote store. Without a credential, the remembered one is used, or else
    /// the one that the service's own tools find.</param>
    /// <exception cref="InvalidStoreLocationException">No installed kind of store has locations of this form.</exception>
    /// <exception cref="StoreUnavailableException">No credentials were found.</exception>
    public static IObjectStore Open(string location, StoreAccess? access = null) =>
        IsUri(location)
            ? StoreConnections.OfProcess.Open(StoreAddress.Parse(location), access ?? new StoreAccess())
            : new FolderObjectStore(location);

    /// <summary>Longest current wait of this process for a service; null while all answer.</summary>
    public static StoreWait? Wait => StoreConnections.OfProcess.Wait;

    /// <summary>Remembers the credential of a location until the process ends.</summary>
    public static void Remember(string location, NetworkCredential credential) =>
        StoreConnections.OfProcess.Remember(StoreAddress.Parse(location), credential);

    /// <summary>Whether the process remembers a credential of a location.</summary>
    public static bool Remembers(string location) =>
        IsUri(location) && StoreConnections.OfProcess.Remembers(StoreAddress.Parse(location));
}
