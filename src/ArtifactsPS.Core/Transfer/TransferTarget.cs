using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer;

/// <summary>The artifact that receives a version from elsewhere, as it is when the transfer begins.</summary>
internal sealed class TransferTarget
{
    private TransferTarget(PublishedVersion? newest, ExistingContent existing)
    {
        Newest = newest;
        Existing = existing;
    }

    /// <summary>The live version with the highest number that has its content in the store, whose content and pages need no transfer; null for none.</summary>
    public PublishedVersion? Newest { get; }

    /// <summary>Content of <see cref="Newest"/>.</summary>
    public ExistingContent Existing { get; }

    /// <summary><see cref="Newest"/> as the versions that protect shared content; see <see cref="StoreWriter.RelyOn"/>.</summary>
    public IReadOnlyList<PublishedVersion> Sources => Existing.Versions;

    /// <summary>Reads the artifact.</summary>
    /// <exception cref="ArtifactTypeMismatchException">It has another type.</exception>
    public static async Task<TransferTarget> ReadAsync(
        VersionStore store,
        ArtifactName name,
        TypeName type,
        CancellationToken cancellationToken
    )
    {
        var state = await store.OpenCatalog(name).ReadAsync(cancellationToken).ConfigureAwait(false);
        Publisher.CheckType(state, type);
        var record = await state.FindNewestStoredAsync(cancellationToken).ConfigureAwait(false);
        var newest = record is null ? null : new PublishedVersion(store, state, record);
        return new TransferTarget(newest, new ExistingContent(store, newest is null ? [] : [newest]));
    }
}
