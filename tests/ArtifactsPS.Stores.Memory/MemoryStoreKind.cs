using System.Collections.Concurrent;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;

namespace ArtifactsPS.Stores.Memory;

/// <summary>Stores in the memory of the process, at <c>memory://name</c>.</summary>
public sealed class MemoryStoreKind : IStoreKind, IReferenceKind
{
    private const string Limit = "limit";

    private static readonly ConcurrentDictionary<string, MemoryObjectStore> Stores = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IObjectStore Open(StoreAddress address, StoreAccess access)
    {
        if (address.Segments.Count > 0)
            throw address.Invalid("the name is followed by more parts. Use memory://name");
        return Stores.GetOrAdd(
            address.Root,
            _ => new MemoryObjectStore(address.ToString(), address.NumberOf(Limit) ?? int.MaxValue)
        );
    }

    /// <inheritdoc/>
    public IReferenceSource OpenReferences(string uri, StoreAccess access) =>
        MemoryTargets.Of(BucketUri.Parse(uri).Root);

    /// <inheritdoc/>
    public string ServiceOf(string uri) => BucketUri.Parse(uri).Root;
}
