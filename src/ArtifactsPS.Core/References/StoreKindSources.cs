using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>
/// Sources of the kinds of store. The sources of a process are kept, with their connections, until the user's credential or an
/// environment variable of the kind changes.
/// </summary>
internal sealed class StoreKindSources(StoreKindLoader loader, StoreConnections connections)
{
    private readonly Dictionary<string, IReferenceSource> _open = new(StringComparer.Ordinal);

    public static StoreKindSources OfProcess { get; } = new(StoreKindLoader.OfModule, StoreConnections.OfProcess);

    /// <summary>Opens the service that a URI names.</summary>
    /// <param name="uri">Absolute URI.</param>
    /// <param name="stores">Locations of the user's stores. One in the same place gives its options and credential; the first one
    /// of the best.</param>
    /// <param name="access">Credential and time limits.</param>
    /// <returns>Null if no installed kind has targets of this scheme.</returns>
    /// <exception cref="InvalidReferenceException">The URI is invalid for its kind.</exception>
    /// <exception cref="StoreUnavailableException">The assembly of the kind is missing.</exception>
    public IReferenceSource? Open(string uri, IEnumerable<string> stores, StoreAccess access)
    {
        var end = uri.IndexOf(':');
#pragma warning disable CA1308 // A scheme is lower-case by convention.
        var scheme = end < 0 ? "" : uri.Substring(0, end).ToLowerInvariant();
#pragma warning restore CA1308
        if (
            loader.Find(scheme) is not { } description
            || loader.Load(description, $"{scheme}://…") is not IReferenceKind kind
        )
            return null;
        var service = kind.ServiceOf(uri);
        var way = connections.AccessTo(description, NeighbourOf(uri, stores), access);
        var key = $"{scheme}\n{service}\n{access.TimeLimit}\n{access.RetryLimit}\n{way.Identity}";
        lock (_open)
        {
            if (!_open.TryGetValue(key, out var source))
                _open.Add(key, source = kind.OpenReferences(uri, way.Access));
            return source;
        }
    }

    /// <summary>Finds the store with the longest path in common with a URI, which is at least the root.</summary>
    internal static StoreAddress? NeighbourOf(string uri, IEnumerable<string> stores)
    {
        var (scheme, place) = BucketUri.Split(uri);
        var parts = place.Split('?')[0].Split('/');
        StoreAddress? best = null;
        var longest = 0;
        foreach (var location in stores)
            if (
                AddressOf(location, scheme) is { } address
                && CommonOf(address, parts) is var common
                && common > longest
            )
                (best, longest) = (address, common);
        return best;
    }

    // Other commands report an invalid registration.
    private static StoreAddress? AddressOf(string location, string scheme)
    {
        if (!location.StartsWith(scheme + "://", StringComparison.OrdinalIgnoreCase))
            return null;
        try
        {
            return StoreAddress.Parse(location);
        }
        catch (InvalidStoreLocationException)
        {
            return null;
        }
    }

    private static int CommonOf(StoreAddress address, string[] parts)
    {
        if (!string.Equals(address.Root, parts[0], StringComparison.Ordinal))
            return 0;
        var count = 0;
        while (
            count < address.Segments.Count
            && count + 1 < parts.Length
            && string.Equals(address.Segments[count], parts[count + 1], StringComparison.Ordinal)
        )
            count++;
        return count + 1;
    }
}
