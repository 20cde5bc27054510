using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Object that holds blobs: a <see cref="StoredObject"/>, or a pack that is still being written. Two locations share a
/// container by reference.
/// </summary>
public abstract class BlobContainer
{
    private protected BlobContainer() { }

    /// <summary>The object under its digest; null while the pack is being written.</summary>
    internal abstract StoredObject? StoredOrDefault { get; }

    /// <summary>The object under its digest.</summary>
    /// <exception cref="InvalidOperationException">The pack is still being written.</exception>
    /// <exception cref="Packs.ContentLostException">The pack could not be written.</exception>
    internal StoredObject Stored => StoredOrDefault ?? throw NotStored;

    /// <summary>The reason why there is no stored object.</summary>
    internal virtual Exception NotStored =>
        new InvalidOperationException("The pack is still being written. Flush its writer first.");
}

/// <summary>Object that is named by the SHA-256 of its bytes.</summary>
public sealed class StoredObject(Digest digest) : BlobContainer
{
    public Digest Digest { get; } = digest;

    /// <summary>The object's key in a store.</summary>
    public string Key => StoreLayout.ObjectKey(Digest);

    internal override StoredObject? StoredOrDefault => this;
}
