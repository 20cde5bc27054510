using ArtifactsPS.Core.References.Http;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Storage.Remote;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>
/// Finds the service of a reference's target by the scheme of its URI: a handler of the user, <c>http</c> and <c>https</c>, or an
/// installed kind of store. Targets of <c>file</c> are not here. Safe for concurrent callers.
/// </summary>
/// <param name="hosts">Hosts that may be read from.</param>
/// <param name="access">Time limits of requests.</param>
/// <param name="stores">Locations of stores whose options and credentials apply to targets in the same place.</param>
public sealed class ReferenceSources(HostRules hosts, StoreAccess access, IEnumerable<string> stores)
{
    // Servers that restart are back sooner. Users of a version wait for each server that is gone.
    private static readonly TimeSpan UnreachedRetry = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, ReferenceService?> _found = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, IReferenceSource Source), ReferenceService> _services = [];
    private readonly Lazy<IReadOnlyList<string>> _stores = new(() => [.. stores]);
    private readonly HttpReferenceSource _http = new(hosts);

    /// <summary>Handlers of schemes.</summary>
    public ReferenceHandlers Handlers { get; init; } = new();

    /// <summary>Longest current wait for a service; null while all answer.</summary>
    public StoreWait? Wait
    {
        get
        {
            lock (_found)
                return _services
                    .Values.Select(service => service.Wait)
                    .OfType<StoreWait>()
                    .OrderByDescending(wait => wait.Elapsed)
                    .FirstOrDefault();
        }
    }

    /// <summary>Creates the sources of a user, with the hosts of the environment variable and the stores that are registered.</summary>
    /// <param name="allowedHosts">Patterns that replace those of the environment variable; null for none.</param>
    /// <param name="store">Location of the store in use, which precedes registered stores; null for none.</param>
    /// <param name="handlers">Handlers of schemes; null for none.</param>
    public static ReferenceSources OfUser(
        IReadOnlyList<string>? allowedHosts,
        string? store = null,
        TimeSpan? timeLimit = null,
        ReferenceHandlers? handlers = null
    ) =>
        new(
            allowedHosts is null ? HostRules.OfEnvironment() : new HostRules(allowedHosts),
            new StoreAccess { TimeLimit = timeLimit },
            (store is null ? Array.Empty<string>() : [store]).Concat(StoreRegistry.OfUser().ReadableLocations())
        )
        {
            Handlers = handlers ?? new ReferenceHandlers(),
        };

    /// <summary>Whether targets of a scheme can be read. Loads nothing.</summary>
    /// <param name="uri">Checked URI.</param>
    public bool CanRead(string uri)
    {
        var scheme = ReferenceUri.SchemeOf(uri);
        return scheme is "http" or "https"
            || Handlers.Find(scheme) is not null
            || StoreKindLoader.OfModule.Find(scheme) is not null;
    }

    /// <summary>Finds the service of a target. Sends no request.</summary>
    /// <param name="uri">Checked URI.</param>
    /// <returns>Null if nothing can read targets of the scheme.</returns>
    /// <exception cref="InvalidReferenceException">The URI is invalid for its kind of service.</exception>
    public ReferenceService? Find(string uri)
    {
        // Targets in one folder have the same service, and the same options.
        var folder = uri.Substring(0, uri.LastIndexOf('/', PathEnd(uri)) + 1);
        lock (_found)
        {
            if (folder.Length > 0 && _found.TryGetValue(folder, out var found))
                return found;
            found = SourceOf(uri) is var (name, source) ? ServiceOf(name, source, LimitsOf(uri)) : null;
            return folder.Length > 0 ? _found[folder] = found : found;
        }
    }

    private static int PathEnd(string uri) => uri.IndexOfAny(['?', '#']) is > 0 and var end ? end - 1 : uri.Length - 1;

    private (string Name, IReferenceSource Source)? SourceOf(string uri)
    {
        var scheme = ReferenceUri.SchemeOf(uri);
        if (Handlers.Find(scheme) is { } handler)
            return (scheme + ":", handler);
        if (scheme is "http" or "https")
            return Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0
                ? (parsed.GetLeftPart(UriPartial.Authority), _http)
                : throw new InvalidReferenceException(uri, "Use a valid URL with a host");
        return StoreKindSources.OfProcess.Open(uri, _stores.Value, access) is { } source
            ? (uri.Substring(0, uri.IndexOf('/', scheme.Length + 3) is > 0 and var end ? end : uri.Length), source)
            : null;
    }

    private ReferenceService ServiceOf(string name, IReferenceSource source, RequestLimits limits) =>
        _services.TryGetValue((name, source), out var service)
            ? service
            : _services[(name, source)] = new ReferenceService(name, source, limits);

    // A script that takes long can't be called again before it ends.
    private RequestLimits LimitsOf(string uri) =>
        new()
        {
            Time = access.Time,
            Progress = Handlers.Find(ReferenceUri.SchemeOf(uri)) is not null
                ? Timeout.InfiniteTimeSpan
                : access.TimeLimit ?? RequestLimits.DefaultProgress,
            Retry = access.RetryLimit ?? RequestLimits.DefaultRetry,
            RetryUnreached = UnreachedRetry,
        };
}
