using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Links;

/// <summary>Reads the pages of a version whose content is in another store, which is opened before the first page is read. Safe for
/// concurrent callers.</summary>
/// <param name="store">The store of the link.</param>
internal sealed class LinkedPageReader(VersionStore store, LinkedRoot root) : PageReader(store.Content)
{
    private volatile PublishedVersion? _source;

    /// <summary>Finds the version that has the content. A failure is not remembered.</summary>
    /// <exception cref="LinkedStoreUnavailableException">The other store can't be opened, or is not that of the link.</exception>
    /// <exception cref="LinkedVersionMissingException">The other store doesn't have the version any more.</exception>
    public async ValueTask<PublishedVersion> FindSourceAsync(CancellationToken cancellationToken)
    {
        if (_source is { } known)
            return known;
        var link = root.Source;
        var opened = await store.OpenLinkedAsync(link, cancellationToken).ConfigureAwait(false);
        var state = await opened.OpenCatalog(link.Artifact).ReadAsync(cancellationToken).ConfigureAwait(false);
        var record = await state.FindAsync(link.Version, cancellationToken).ConfigureAwait(false);
        if (record is not { Root: PageReference } || record.Digest != root.Digest)
            throw new LinkedVersionMissingException(link, opened.Location, hasOther: record is not null);
        return _source = new PublishedVersion(opened, state, record);
    }

    internal override async ValueTask<ManifestPage> ReadAsync(TreePage treePage, CancellationToken cancellationToken)
    {
        var source = await FindSourceAsync(cancellationToken).ConfigureAwait(false);
        return await source
            .Store.Pages.ReadAsync(treePage is LinkedRoot ? RootIn(source) : treePage, cancellationToken)
            .ConfigureAwait(false);
    }

    internal override ObjectCorruptException Corrupt(PageReference reference, string problem) =>
        _source is { } source ? source.Store.Pages.Corrupt(reference, problem) : base.Corrupt(reference, problem);

    // With the totals of the link, which the reader compares with those of the page.
    private PageReference RootIn(PublishedVersion source) =>
        PageLocation.Of(source.StoredRoot).ToReference(root.Digest, root.EntryCount, root.TotalSize);
}

/// <summary>The store with the source of a link can't be opened.</summary>
public sealed class LinkedStoreUnavailableException : ArtifactsException
{
    /// <param name="inner">Why it can't be opened.</param>
    public LinkedStoreUnavailableException(LinkSource source, StorePlace place, ArtifactsException inner)
        : this(source, place, inner is StoreNotFoundException ? "there is no store." : inner.Message, inner) { }

    private LinkedStoreUnavailableException(LinkSource source, StorePlace place, string reason, Exception? inner)
        : base(
            $"The link to '{source.Reference}' needs the store '{place.Location}', which can't be used: {reason} If the store was "
                + "moved, register its new place with Register-ArtifactStore. A link that was made with Add-ArtifactLink -Copy "
                + "needs no other store.",
            source.Reference,
            inner
        ) { }

    /// <summary>Creates the exception for a place that has another store.</summary>
    public static LinkedStoreUnavailableException OfOtherStore(LinkSource source, StorePlace place) =>
        new(source, place, "another store is there now.", inner: null);

    public override string ErrorId => "LinkedStoreUnavailable";

    public override ErrorKind Kind => ErrorKind.ResourceUnavailable;
}

/// <summary>The version that has the content of a link was deleted in its store.</summary>
/// <param name="hasOther">Whether the store has a version of that number with other content.</param>
public sealed class LinkedVersionMissingException(LinkSource source, string location, bool hasOther)
    : ArtifactsException(
        $"The content of a link is that of '{source.Reference}' in the store '{location}', but "
            + (hasOther ? "that version has other content." : "that version was deleted.")
            + $" Restore it there with Restore-Artifact '{source.Reference}', or remove the link with Remove-ArtifactLink.",
        source.Reference
    )
{
    public override string ErrorId => "LinkedVersionMissing";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>A command needs the content of a version in the store itself, but the version is a link to another store.</summary>
public sealed class ContentInOtherStoreException(string reference, LinkSource source)
    : ArtifactsException(
        $"The store has no content of '{reference}': it is a link to '{source.Reference}' in '{source.Store?.Location}'. Copy that version "
            + "to this store with Add-ArtifactLink -Copy or Copy-Artifact, and use the copy.",
        reference
    )
{
    public override string ErrorId => "ContentInOtherStore";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}
