namespace ArtifactsPS.Stores;

/// <summary>Opens the kind of store that a location means.</summary>
public static class StoreLocation
{
    /// <summary>Whether a location is that of a bucket or another service rather than a path.</summary>
    public static bool IsUri(string location) => location.IndexOf("://", StringComparison.Ordinal) > 0;

    /// <summary>Opens what is at a location, be there a store or not.</summary>
    /// <param name="location">The full path of a folder.</param>
    /// <exception cref="StoreUnavailableException">No kind of store has locations of this form.</exception>
    public static IObjectStore Open(string location) =>
        IsUri(location)
            ? throw new StoreUnavailableException(
                location,
                $"no kind of store for '{location.Substring(0, location.IndexOf("://", StringComparison.Ordinal))}' "
                    + "is part of this module. Give the path of a folder or share."
            )
            : new FolderObjectStore(location);
}
