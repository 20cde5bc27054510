using ArtifactsPS.Core.References.Http;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Core.References;

/// <summary>Services of references that this process has opened. Each is kept, with its connections.</summary>
internal sealed class ReferenceConnections(StoreKindLoader loader)
{
    private readonly Dictionary<(string Name, object Identity), ReferenceService> _open = [];

    public static ReferenceConnections OfProcess { get; } = new(StoreKindLoader.OfModule);

    /// <summary>Longest current wait for a service; null while all answer.</summary>
    public StoreWait? Wait
    {
        get
        {
            lock (_open)
                return _open
                    .Values.Select(service => service.Wait)
                    .OfType<StoreWait>()
                    .OrderByDescending(wait => wait.Elapsed)
                    .FirstOrDefault();
        }
    }

    /// <summary>Finds the kind of store whose service has targets of a scheme; null for none. Loads its assembly.</summary>
    public IReferenceKind? KindOf(string scheme, string uri) =>
        loader.Find(scheme) is { } kind ? loader.Load(kind, uri) as IReferenceKind : null;

    /// <summary>Opens the service of a kind of store that a URI names.</summary>
    public ReferenceService OfKind(string scheme, IReferenceKind kind, string uri, StoreAccess access) =>
        Open(kind.ServiceOf(uri), scheme, access, () => kind.OpenReferences(uri, access));

    /// <summary>Opens a host.</summary>
    /// <param name="authority">Scheme, host and port.</param>
    public ReferenceService OfHost(string authority, HostRules hosts, StoreAccess access) =>
        Open(authority, string.Join(",", hosts.Patterns), access, () => new HttpReferenceSource(hosts));

    /// <summary>Opens the handler of a scheme.</summary>
    public ReferenceService OfHandler(string scheme, IReferenceSource handler, StoreAccess access) =>
        Open(scheme + ":", handler, access, () => handler);

    private ReferenceService Open(string name, object identity, StoreAccess access, Func<IReferenceSource> open)
    {
        var limits = new RequestLimits
        {
            Time = access.Time,
            Progress = access.TimeLimit ?? RequestLimits.DefaultProgress,
            Retry = access.RetryLimit ?? RequestLimits.DefaultRetry,
        };
        var key = (name, (object)(identity, access.TimeLimit, access.RetryLimit, access.Time));
        lock (_open)
        {
            if (!_open.TryGetValue(key, out var service))
                _open.Add(key, service = new ReferenceService(name, open(), limits));
            return service;
        }
    }
}
