using ArtifactsPS.Core.References.Http;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>
/// Finds the service of a reference's target by the scheme of its URI: a handler of the user, <c>http</c> and <c>https</c>, or an
/// installed kind of store. Targets of <c>file</c> are not here. Each service is found once. Safe for concurrent callers.
/// </summary>
/// <param name="hosts">Hosts that may be read from.</param>
/// <param name="access">Time limits of requests.</param>
public sealed class ReferenceSources(HostRules hosts, StoreAccess access)
{
    private readonly Dictionary<string, ReferenceService?> _services = new(StringComparer.Ordinal);

    /// <summary>Handlers of schemes; by default those of this process.</summary>
    public ReferenceHandlers Handlers { get; init; } = ReferenceHandlers.OfProcess;

    /// <summary>Longest current wait of this process for a service; null while all answer.</summary>
    public static StoreWait? Wait => ReferenceConnections.OfProcess.Wait;

    /// <summary>Finds the service of a target. Sends no request.</summary>
    /// <returns>Null if nothing can read targets of the scheme.</returns>
    /// <exception cref="InvalidReferenceException">The URI is invalid for its kind of service.</exception>
    public ReferenceService? Find(string uri)
    {
        var scheme = ReferenceUri.SchemeOf(uri);
        var connections = ReferenceConnections.OfProcess;
        lock (_services)
        {
            if (Handlers.Find(scheme) is { } handler)
                return Once(scheme + ":", () => connections.OfHandler(scheme, handler, access));
            if (scheme is "http" or "https")
                return Uri.TryCreate(uri, UriKind.Absolute, out var parsed)
                    ? Once(
                        parsed.GetLeftPart(UriPartial.Authority),
                        () => connections.OfHost(parsed.GetLeftPart(UriPartial.Authority), hosts, access)
                    )
                    : throw new InvalidReferenceException(uri, "Use a valid URL");
            return connections.KindOf(scheme, uri) is { } kind
                ? Once(kind.ServiceOf(uri), () => connections.OfKind(scheme, kind, uri, access))
                : null;
        }
    }

    private ReferenceService? Once(string name, Func<ReferenceService> open)
    {
        if (_services.TryGetValue(name, out var service))
            return service;
        service = open();
        service.RestartRetries();
        _services.Add(name, service);
        return service;
    }
}
