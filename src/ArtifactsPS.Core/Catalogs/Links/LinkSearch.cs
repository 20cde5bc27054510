using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Links;

/// <summary>A version of a collection that links another version.</summary>
/// <param name="Collection">Name of the collection.</param>
/// <param name="Version">Number in the collection; null for a link that was begun and not completed.</param>
public sealed record LinkedVersion(ArtifactName Collection, int? Version)
{
    /// <summary>The store of the collection; null for that of the linked version.</summary>
    public StorePlace? Store { get; init; }

    /// <summary>Whether the link may have been removed: the store of the collection can't be read.</summary>
    public bool IsUnverified { get; init; }

    /// <summary>Reference by number, such as <c>churn:v2</c>; the name alone for a link that was not completed.</summary>
    public string Reference =>
        Version is { } number ? ArtifactReference.To(Collection, number).ToString() : Collection.ToString();

    /// <summary>The reference, and the store if it is another one: <c>churn:v2 in /data/registry</c>.</summary>
    public override string ToString() => StorePlace.Qualify(Reference, Store);
}

/// <summary>
/// Finds the links of versions, and their sources. A version without marks costs nothing. For others, the catalogs of the collections are
/// read, each once.
/// A mark whose link was removed, or has expired and was deleted, does not count. A mark whose link was never published counts: a
/// writer may be about to publish it.
/// </summary>
public sealed class LinkSearch
{
    private readonly Func<ArtifactKey, Catalog> _open;

    // Null if links from other stores are left out.
    private readonly VersionStore? _store;
    private readonly bool _opensStores;
    private readonly Dictionary<ArtifactKey, CatalogState> _states = [];

    /// <summary>Searches a store. Links from other stores are those that the marks name: no other store is opened.</summary>
    public LinkSearch(VersionStore store)
        : this(store, opensStores: false) { }

    private LinkSearch(VersionStore store, bool opensStores)
    {
        _open = store.OpenCatalog;
        _store = store;
        _opensStores = opensStores;
    }

    /// <summary>Searches a store alone.</summary>
    /// <param name="open">Opens a catalog.</param>
    internal LinkSearch(Func<ArtifactKey, Catalog> open) => _open = open;

    /// <summary>Searches before a deletion. Other stores with links are opened. A link in a store that can't be read
    /// counts.</summary>
    public static LinkSearch BeforeDeletion(VersionStore store) => new(store, opensStores: true);

    /// <summary>Finds the links of a version.</summary>
    public Task<IReadOnlyList<LinkedVersion>> FindAsync(
        PublishedVersion version,
        CancellationToken cancellationToken
    ) => FindAsync(version.Key, version.Record, version.LinkMarks, cancellationToken);

    /// <summary>Finds the links of a live version.</summary>
    public async Task<IReadOnlyList<LinkedVersion>> FindAsync(
        CatalogState state,
        int number,
        CancellationToken cancellationToken
    ) =>
        state.LinkMarksOf(number) is { Count: > 0 } marks
        && await state.FindAsync(number, cancellationToken).ConfigureAwait(false) is { } record
            ? await FindAsync(state.Key, record, marks, cancellationToken).ConfigureAwait(false)
            : [];

    /// <summary>Whether a version has links.</summary>
    public async Task<bool> HasAnyAsync(CatalogState state, int number, CancellationToken cancellationToken) =>
        (await FindAsync(state, number, cancellationToken).ConfigureAwait(false)).Count > 0;

    /// <summary>Checks that a version has no links.</summary>
    /// <exception cref="ArtifactLinkedException">It has.</exception>
    public async Task RequireNoneAsync(CatalogState state, int number, CancellationToken cancellationToken)
    {
        if (await FindAsync(state, number, cancellationToken).ConfigureAwait(false) is { Count: > 0 } links)
            throw new ArtifactLinkedException(ArtifactReference.To(state.Name, number).ToString(), links);
    }

    private async Task<IReadOnlyList<LinkedVersion>> FindAsync(
        ArtifactKey artifact,
        VersionRecord record,
        IReadOnlyList<LinkMark> marks,
        CancellationToken cancellationToken
    )
    {
        var found = new List<LinkedVersion>();
        var source = new LinkSource(artifact, artifact.FirstName, record.Number);
        foreach (var mark in marks)
        {
            if (mark.Store is { } place)
            {
                if (_store is not null)
                    found.AddRange(
                        await FindInAsync(place, _store, mark, source, record.Digest, cancellationToken)
                            .ConfigureAwait(false)
                    );
                continue;
            }
            var collection = await ReadAsync(mark.Collection, cancellationToken).ConfigureAwait(false);
            found.AddRange(
                await FindAsync(_open(mark.Collection), collection, mark, source, record.Digest, cancellationToken)
                    .ConfigureAwait(false)
            );
        }
        return found;
    }

    /// <summary>Finds the source of a link by the current name of its artifact. For a source in another store, this is the name when the link
    /// was made.</summary>
    /// <returns>Null for a version that is not a link.</returns>
    public async Task<LinkSource?> FindSourceAsync(PublishedVersion version, CancellationToken cancellationToken)
    {
        if (version.Record.Link is not { IsInSameStore: true } link)
            return version.Record.Link;
        try
        {
            var source = await ReadAsync(link.Artifact, cancellationToken).ConfigureAwait(false);
            return link with { Name = source.Name };
        }
        catch (Exception e) when (e is ObjectCorruptException or LogIncompleteException)
        {
            // The former name leads to the artifact, too.
            return link;
        }
    }

    private async Task<CatalogState> ReadAsync(ArtifactKey artifact, CancellationToken cancellationToken)
    {
        if (!_states.TryGetValue(artifact, out var state))
        {
            state = await _open(artifact).ReadAsync(cancellationToken).ConfigureAwait(false);
            _states.Add(artifact, state);
        }
        return state;
    }

    // Without opening the store, or if it can't be read, the link is the one that the mark was set for.
    private async Task<IReadOnlyList<LinkedVersion>> FindInAsync(
        StorePlace place,
        VersionStore store,
        LinkMark mark,
        LinkSource source,
        Digest digest,
        CancellationToken cancellationToken
    )
    {
        var marked = new LinkedVersion(mark.Collection.FirstName, mark.FirstVersion) { Store = place };
        if (!_opensStores)
            return [marked];
        var unverified = marked with { IsUnverified = true };
        try
        {
            if (await store.TryOpenOtherAsync(place, cancellationToken).ConfigureAwait(false) is not { } other)
                return [unverified];
            var catalog = other.OpenCatalog(mark.Collection);
            var collection = await catalog.ReadAsync(cancellationToken).ConfigureAwait(false);
            var sourceThere = source with { Store = store.Place };
            var links = await FindAsync(catalog, collection, mark, sourceThere, digest, cancellationToken)
                .ConfigureAwait(false);
            return [.. links.Select(link => link with { Store = other.Place })];
        }
        catch (ArtifactsException)
        {
            return [unverified];
        }
    }

    private static async Task<IReadOnlyList<LinkedVersion>> FindAsync(
        Catalog catalog,
        CatalogState collection,
        LinkMark mark,
        LinkSource source,
        Digest digest,
        CancellationToken cancellationToken
    )
    {
        var numbers = await NumbersOfAsync(collection, source, digest, cancellationToken).ConfigureAwait(false);
        if (numbers.Count > 0)
            return [.. numbers.Select(number => new LinkedVersion(collection.Name, number))];
        var wasPublished =
            collection.NextVersion > mark.FirstVersion
            && await catalog
                .HasPublishedAsync(
                    collection,
                    mark.FirstVersion,
                    published => source.IsSame(published.Link),
                    cancellationToken
                )
                .ConfigureAwait(false);
        return wasPublished ? [] : [new LinkedVersion(collection.Name, null)];
    }

    /// <summary>Numbers of the live versions of a collection that link a version, ascending. Copies from another store are left
    /// out: they don't need their source.</summary>
    /// <param name="source">The version, as a link of the collection names it.</param>
    internal static async Task<IReadOnlyList<int>> NumbersOfAsync(
        CatalogState collection,
        LinkSource source,
        Digest digest,
        CancellationToken cancellationToken
    )
    {
        var numbers = new SortedSet<int>();
        await foreach (var item in collection.FindAllAsync(digest, cancellationToken).ConfigureAwait(false))
            if (source.IsSame(item.Link) && (source.IsInSameStore || item.StoredRoot is null))
                numbers.Add(item.Number);
        return [.. numbers];
    }
}

/// <summary>A version to delete is linked by collections.</summary>
public sealed class ArtifactLinkedException(string reference, IReadOnlyList<LinkedVersion> links)
    : ArtifactsException(Describe(reference, links), reference)
{
    /// <summary>The links; at least one.</summary>
    public IReadOnlyList<LinkedVersion> Links { get; } = links;

    public override string ErrorId => "ArtifactLinked";

    public override ErrorKind Kind => ErrorKind.ResourceBusy;

    private static string Describe(string reference, IReadOnlyList<LinkedVersion> links)
    {
        var sentences = new List<string>();
        var complete = links.Where(link => link.Version is not null).ToList();
        if (complete.Count > 0)
            sentences.Add(
                $"'{reference}' is linked as {string.Join(", ", complete.Select(Name))}. "
                    + "Remove the link with Remove-ArtifactLink first."
            );
        foreach (var link in links.Where(link => link.Version is null))
            sentences.Add(
                $"A link of '{reference}' to {Name(link)} was begun and not completed. Complete it with Add-ArtifactLink "
                    + $"'{reference}' '{link.Reference}'{(link.Store is { } store ? $" -Destination '{store.Location}'" : "")}."
            );
        return $"{string.Join(" ", sentences)} Or use -Force to delete '{reference}' anyway.";

        static string Name(LinkedVersion link) =>
            $"'{link.Reference}'{(link.Store is { } store ? $" in the store '{store.Location}'" : "")}";
    }
}
