using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>A version in a store, as of the time it was read.</summary>
public sealed class PublishedVersion(VersionStore store, CatalogState state, VersionRecord record)
{
    private Manifest? _manifest;

    /// <summary>The store that has the version. The content may be in another one: see <see cref="FindSourceAsync"/>.</summary>
    public VersionStore Store { get; } = store;

    /// <summary>Key of the artifact.</summary>
    public ArtifactKey Key { get; } = state.Key;

    /// <summary>Name of the artifact.</summary>
    public ArtifactName Name { get; } = state.Name;

    /// <summary>Description of the artifact as a whole; null for none.</summary>
    public string? ArtifactDescription { get; } = state.Description;

    /// <summary>Tags of the artifact as a whole.</summary>
    public IReadOnlyList<TagName> ArtifactTags { get; } = state.Tags;

    public VersionRecord Record { get; } = record;

    /// <summary><c>latest</c> first, the others sorted.</summary>
    public IReadOnlyList<AliasName> Aliases { get; } = state.AliasesOf(record.Number);

    /// <summary>Marks of collections that link the version, or have linked it.</summary>
    public IReadOnlyList<LinkMark> LinkMarks { get; } = state.LinkMarksOf(record.Number);

    /// <summary>Whether publishing returned this existing version, because it has the same content.</summary>
    public bool Deduplicated { get; init; }

    /// <summary>For a new link, the reason why its source isn't protected from deletion, with a full stop; null if it
    /// is.</summary>
    public string? Unprotected { get; init; }

    /// <summary>Bytes that were written to publish the version; null for a version that was looked up.</summary>
    public ContentVolume? Written { get; init; }

    /// <summary>Reference by number, such as <c>mnist:v3</c>.</summary>
    public string Reference => $"{Name}:v{Record.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>Entries of the version. Locations of their content are those of the store that has it.</summary>
    public Manifest Manifest => _manifest ??= Store.OpenManifest(Record);

    /// <summary>Root page in the store of the version.</summary>
    /// <exception cref="ContentInOtherStoreException">The version is a link to another store, and has no content here.</exception>
    internal PageReference StoredRoot =>
        Record.StoredRoot ?? throw new ContentInOtherStoreException(Reference, ((LinkedRoot)Record.Root).Source);

    /// <summary>The store that has the content, as of the time when the version was published or linked.</summary>
    public StorePlace ContentPlace => (Record.Root as LinkedRoot)?.Source.Store ?? Store.Place;

    /// <summary>Finds the version that has the content: this one, or for a link to another store the version there.</summary>
    /// <exception cref="LinkedStoreUnavailableException">The other store can't be opened.</exception>
    /// <exception cref="LinkedVersionMissingException">The other store doesn't have the version any more.</exception>
    public ValueTask<PublishedVersion> FindSourceAsync(CancellationToken cancellationToken) =>
        Manifest.Pages is LinkedPageReader linked ? linked.FindSourceAsync(cancellationToken) : new(this);

    /// <summary>Whether the version is live in a newer state, and its tree is in the same place.</summary>
    internal async ValueTask<bool> IsUnchangedInAsync(CatalogState now, CancellationToken cancellationToken) =>
        await now.FindAsync(Record.Number, cancellationToken).ConfigureAwait(false) is { } live
        && VersionRoot.AreSame(live.Root, Record.Root);

    /// <summary>Streams the selected entries, sorted by path.</summary>
    public async IAsyncEnumerable<ManifestEntry> EntriesAsync(
        EntrySelector selector,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var entry in Manifest.EntriesAsync(selector.Prefix, cancellationToken).ConfigureAwait(false))
            if (selector.Matches(entry.Path))
                yield return entry;
    }
}
