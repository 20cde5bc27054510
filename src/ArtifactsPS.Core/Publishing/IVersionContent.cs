using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>Entries of a version that is about to be published. They are stored only where no live version has the same.</summary>
internal interface IVersionContent
{
    /// <summary>Digest of the tree of entries.</summary>
    Digest Digest { get; }

    /// <summary>Stores the tree, makes it durable, and tells the writer what it relies on. Called at most once.</summary>
    /// <returns>The stored root.</returns>
    Task<PageReference> StoreAsync(StoreWriter writer, CancellationToken cancellationToken);
}

/// <summary>A tree that is stored already.</summary>
/// <param name="root">The stored root.</param>
/// <param name="sources">Versions that it shares content with; see <see cref="StoreWriter.RelyOn"/>.</param>
internal sealed class StoredVersionContent(PageReference root, IReadOnlyList<PublishedVersion> sources)
    : IVersionContent
{
    /// <inheritdoc/>
    public Digest Digest => root.Digest;

    /// <inheritdoc/>
    public Task<PageReference> StoreAsync(StoreWriter writer, CancellationToken cancellationToken)
    {
        writer.RelyOn(root, sources);
        return Task.FromResult(root);
    }
}
