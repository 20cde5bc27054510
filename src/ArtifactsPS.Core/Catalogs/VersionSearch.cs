using System.Globalization;
using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Conditions on versions. A version meets them if it has a matching type, tag and alias.</summary>
public sealed class VersionFilter
{
    /// <summary>Condition on the type; null for any.</summary>
    public Func<CaseInsensitiveName, bool>? Type { get; init; }

    /// <summary>Condition that a tag must meet; null for versions with any tags or none.</summary>
    public Func<CaseInsensitiveName, bool>? Tag { get; init; }

    /// <summary>Condition that an alias must meet; null for versions with any aliases or none.</summary>
    public Func<CaseInsensitiveName, bool>? Alias { get; init; }

    /// <summary>Condition that a tag of the artifact as a whole must meet; null for artifacts with any tags or none.</summary>
    public Func<CaseInsensitiveName, bool>? ArtifactTag { get; init; }

    /// <summary>Whether all versions of an artifact are searched, rather than the latest. Conditions on tags and aliases
    /// always search all versions.</summary>
    public bool AllVersions { get; init; }

    internal bool SearchesAll => AllVersions || Tag is not null || Alias is not null;

    internal bool Matches(PublishedVersion version) =>
        Type?.Invoke(version.Record.Type) != false
        && (Tag is null || version.Record.Tags.Any(Tag))
        && (Alias is null || version.Aliases.Any(Alias))
        && (ArtifactTag is null || version.ArtifactTags.Any(ArtifactTag));
}

/// <summary>Selects versions of each found artifact.</summary>
public sealed class VersionSelector
{
    private readonly Func<CatalogState, CancellationToken, ValueTask<IEnumerable<int>>> _select;

    private VersionSelector(Func<CatalogState, CancellationToken, ValueTask<IEnumerable<int>>> select) =>
        _select = select;

    /// <summary>Selects the version that a reference with this end refers to, if the artifact has one.</summary>
    /// <param name="end">A colon and a version number or alias, or <c>@</c> and a digest.</param>
    public static VersionSelector Exactly(string end) =>
        new(
            async (state, token) =>
            {
                var reference = ArtifactReference.Parse($"{state.Name}{end}");
                return await state.FindAsync(reference, token).ConfigureAwait(false) is { } record
                    ? [record.Number]
                    : [];
            }
        );

    /// <summary>Selects the versions with a matching number (<c>v3</c>) or alias.</summary>
    public static VersionSelector Matching(Func<string, bool> matches) =>
        new(
            (state, _) =>
                new ValueTask<IEnumerable<int>>(
                    state.VersionNumbers.Where(number =>
                        matches("v" + number.ToString(CultureInfo.InvariantCulture))
                        || state.AliasesOf(number).Any(alias => matches(alias.ToString()))
                    )
                )
        );

    internal ValueTask<IEnumerable<int>> SelectAsync(CatalogState state, CancellationToken cancellationToken) =>
        _select(state, cancellationToken);
}

/// <summary>Finds versions in a store.</summary>
public sealed class VersionSearch(VersionStore store, VersionFilter filter)
{
    /// <summary>Finds the version that a reference names. A name alone stands for the versions of the artifact.</summary>
    /// <returns>The versions that meet the conditions, oldest first.</returns>
    /// <exception cref="ArtifactNotFoundException">The artifact has no live version.</exception>
    /// <exception cref="ArtifactVersionNotFoundException">The artifact has no such version.</exception>
    public async Task<IReadOnlyList<PublishedVersion>> FindAsync(
        ArtifactReference reference,
        CancellationToken cancellationToken
    )
    {
        var state = await store.ReadCatalogAsync(reference.Name, cancellationToken).ConfigureAwait(false);
        if (!reference.IsNameOnly)
        {
            var version = await store.FindAsync(state, reference, cancellationToken).ConfigureAwait(false);
            return filter.Matches(version) ? [version] : [];
        }
        var found = new List<PublishedVersion>();
        await foreach (
            var version in VersionsOfAsync(AsyncStream.Of([state]), null, cancellationToken).ConfigureAwait(false)
        )
            found.Add(version);
        return found;
    }

    /// <summary>Streams the selected versions of one artifact that meet the conditions, oldest first.</summary>
    /// <param name="name">Any name of the artifact. Without live versions, there are none.</param>
    public async IAsyncEnumerable<PublishedVersion> ListAsync(
        ArtifactName name,
        VersionSelector selector,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var state = await store.OpenCatalog(name).ReadAsync(cancellationToken).ConfigureAwait(false);
        if (!state.IsLive)
            yield break;
        await foreach (
            var version in VersionsOfAsync(AsyncStream.Of([state]), selector, cancellationToken).ConfigureAwait(false)
        )
            yield return version;
    }

    /// <summary>Streams the versions that meet the conditions, sorted by artifact, oldest first.</summary>
    /// <param name="names">Gets the name of an artifact in lower case.</param>
    /// <param name="selector">Versions of each artifact; null for the latest or all, as the filter says.</param>
    public IAsyncEnumerable<PublishedVersion> ListAsync(
        Func<string, bool> names,
        VersionSelector? selector,
        CancellationToken cancellationToken
    ) => VersionsOfAsync(store.ReadCatalogsAsync(names, cancellationToken), selector, cancellationToken);

    // One stream for all artifacts: a stream for each of many artifacts takes longer than finding its latest version.
    private async IAsyncEnumerable<PublishedVersion> VersionsOfAsync(
        IAsyncEnumerable<CatalogState> artifacts,
        VersionSelector? selector,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var state in artifacts.ConfigureAwait(false))
            if (selector is null && filter.SearchesAll)
            {
                await foreach (var record in state.ReadVersionsAsync(cancellationToken).ConfigureAwait(false))
                    if (new PublishedVersion(store, state, record) is var version && filter.Matches(version))
                        yield return version;
            }
            else
                foreach (var number in await NumbersOfAsync(state, selector, cancellationToken).ConfigureAwait(false))
                {
                    var record = await state.FindAsync(number, cancellationToken).ConfigureAwait(false);
                    var version = new PublishedVersion(store, state, record!);
                    if (filter.Matches(version))
                        yield return version;
                }
    }

    // An artifact with a version has the alias latest.
    private static ValueTask<IEnumerable<int>> NumbersOfAsync(
        CatalogState state,
        VersionSelector? selector,
        CancellationToken cancellationToken
    ) =>
        selector is null
            ? new ValueTask<IEnumerable<int>>([state.Aliases[AliasName.Latest]])
            : selector.SelectAsync(state, cancellationToken);
}
