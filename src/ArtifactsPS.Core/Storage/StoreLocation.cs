using System.Net;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Core.Storage;

/// <summary>Opens the kind of store that a location means.</summary>
public static class StoreLocation
{
    /// <summary>Whether a location is that of a bucket or another service rather than a path.</summary>
    public static bool IsUri(string location) => StoreAddress.Is(location);

    /// <summary>Opens what is at a location, be there a store or not.</summary>
    /// <param name="location">The full path of a folder, or a URI.</param>
    /// <param name="timeLimit">For so long a service may leave a request without progress; null for
    /// <see cref="BucketObjectStore.DefaultTimeLimit"/>. A folder has none.</param>
    /// <param name="credential">Who the user is to a service; null for what was remembered, or else for what the service's own
    /// tools would find.</param>
    /// <exception cref="InvalidStoreLocationException">No kind of store has locations of this form.</exception>
    /// <exception cref="StoreUnavailableException">Nothing says who the user is to the service.</exception>
    public static IObjectStore Open(
        string location,
        TimeSpan? timeLimit = null,
        NetworkCredential? credential = null
    ) =>
        IsUri(location)
            ? StoreConnections.OfProcess.Open(StoreAddress.Parse(location), credential, timeLimit)
            : new FolderObjectStore(location);

    /// <summary>Remembers who the user is to the service of a location, for as long as the process lives.</summary>
    public static void Remember(string location, NetworkCredential credential) =>
        StoreConnections.OfProcess.Remember(StoreAddress.Parse(location), credential);
}
