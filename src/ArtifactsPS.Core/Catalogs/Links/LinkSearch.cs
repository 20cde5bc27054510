using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Links;

/// <summary>A version of a collection that links another version.</summary>
/// <param name="Collection">Name of the collection.</param>
/// <param name="Version">Number in the collection; null for a link that was begun and not completed.</param>
public sealed record LinkedVersion(ArtifactName Collection, int? Version)
{
    /// <summary>Reference by number, such as <c>churn:v2</c>; the name alone for a link that was not completed.</summary>
    public override string ToString() =>
        Version is { } number ? ArtifactReference.To(Collection, number).ToString() : Collection.ToString();
}

/// <summary>
/// Finds the links of versions. A version without marks costs nothing. For others, the catalogs of the collections are read, each once.
/// A mark whose link was removed, or has expired and was deleted, does not count. A mark whose link was never published counts: a
/// writer may be about to publish it.
/// </summary>
public sealed class LinkSearch
{
    private readonly Func<ArtifactKey, Catalog> _open;
    private readonly Dictionary<ArtifactKey, CatalogState> _collections = [];

    /// <summary>Searches a store.</summary>
    public LinkSearch(VersionStore store)
        : this(store.OpenCatalog) { }

    /// <param name="open">Opens a catalog.</param>
    internal LinkSearch(Func<ArtifactKey, Catalog> open) => _open = open;

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
        foreach (var mark in marks)
        {
            if (!_collections.TryGetValue(mark.Collection, out var collection))
            {
                collection = await _open(mark.Collection).ReadAsync(cancellationToken).ConfigureAwait(false);
                _collections.Add(mark.Collection, collection);
            }
            var numbers = await NumbersOfAsync(collection, artifact, record.Digest, record.Number, cancellationToken)
                .ConfigureAwait(false);
            found.AddRange(numbers.Select(number => new LinkedVersion(collection.Name, number)));
            if (numbers.Count == 0 && !await WasPublishedAsync().ConfigureAwait(false))
                found.Add(new LinkedVersion(collection.Name, null));

            async ValueTask<bool> WasPublishedAsync() =>
                collection.NextVersion > mark.FirstVersion
                && await _open(mark.Collection)
                    .HasPublishedAsync(
                        collection,
                        mark.FirstVersion,
                        published => published.Link?.Is(artifact, record.Number) == true,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
        }
        return found;
    }

    /// <summary>Numbers of the live versions of a collection that link a version, ascending.</summary>
    internal static async Task<IReadOnlyList<int>> NumbersOfAsync(
        CatalogState collection,
        ArtifactKey artifact,
        Digest digest,
        int version,
        CancellationToken cancellationToken
    )
    {
        var numbers = new SortedSet<int>();
        await foreach (var item in collection.FindAllAsync(digest, cancellationToken).ConfigureAwait(false))
            if (item.Link?.Is(artifact, version) == true)
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
                $"'{reference}' is linked as {string.Join(", ", complete.Select(link => $"'{link}'"))}. "
                    + "Remove the link with Remove-ArtifactLink first."
            );
        foreach (var link in links.Where(link => link.Version is null))
            sentences.Add(
                $"A link of '{reference}' to '{link}' was begun and not completed. Complete it with "
                    + $"Add-ArtifactLink '{reference}' '{link}'."
            );
        return $"{string.Join(" ", sentences)} Or use -Force to delete '{reference}' anyway.";
    }
}
