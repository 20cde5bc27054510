using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Completion;

namespace ArtifactsPS.Commands;

/// <summary>
/// Finds published versions: without a name the latest of each artifact. -Tag and -Alias look through all versions.
/// </summary>
/// <example>
/// <code>Get-Artifact</code>
/// Lists the latest version of each artifact.
/// </example>
/// <example>
/// <code>Get-Artifact mnist -AllVersions</code>
/// Lists all versions of <c>mnist</c>, the first first.
/// </example>
/// <example>
/// <code>Get-Artifact -Type model -Tag nightly | ForEach-Object Reference</code>
/// Names the models that have a tag.
/// </example>
/// <example>
/// <code>(Get-Artifact mnist:prod).Metadata.source</code>
/// Reads a value from the metadata of the version that <c>prod</c> means.
/// </example>
/// <seealso cref="GetArtifactEntryCommand"/>
/// <seealso cref="GetArtifactHistoryCommand"/>
/// <seealso cref="SaveArtifactCommand"/>
[Cmdlet(VerbsCommon.Get, "Artifact")]
[OutputType(typeof(ArtifactVersion))]
public sealed class GetArtifactCommand : StoreCmdlet
{
    /// <summary>Names, versions (<c>mnist:v3</c>) and aliases (<c>mnist:prod</c>), which can all have wildcards, digests,
    /// or version objects.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument[] Name { get; set; } = [];

    /// <summary>Only artifacts of these types.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TypeCompleter))]
    public string[] Type { get; set; } = [];

    /// <summary>Only versions that have one of these tags.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Tag { get; set; } = [];

    /// <summary>Only versions that have one of these aliases.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Alias { get; set; } = [];

    /// <summary>All versions of each, not only the latest.</summary>
    [Parameter]
    public SwitchParameter AllVersions { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Name.Length == 0)
            ForItem(null, () => Search("*", null));
        foreach (var name in Name)
            ForItem(name.Item, () => Process(name));
    }

    private void Process(ArtifactArgument name)
    {
        if (WildcardPattern.ContainsWildcardCharacters(name.Text))
        {
            var end = name.Text.IndexOfAny([':', '@']);
            Search(end < 0 ? name.Text : name.Text.Substring(0, end), end < 0 ? null : name.Text.Substring(end));
            return;
        }
        var reference = ArtifactReference.Parse(name.Text);
        if (!reference.IsNameOnly)
        {
            WriteMatching([Find(name)]);
            return;
        }
        var store = OpenStoreOf(name);
        var state = Await(token => store.ReadCatalogAsync(reference.Name, token));
        WriteMatching(VersionsOf(store, state));
    }

    private void Search(string pattern, string? selector)
    {
        var names = NamePattern.Of(pattern);
        var store = OpenStore();
        foreach (var state in Stream(token => store.ReadCatalogsAsync(names.IsMatch, token)))
            if (selector is null)
                WriteMatching(VersionsOf(store, state));
            else
                WriteMatching(Select(store, state, selector));
    }

    // What follows the name, with its colon or @. A wildcard is held against the number (v3) and against the aliases.
    private static IEnumerable<PublishedVersion> Select(VersionStore store, CatalogState state, string selector)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(selector))
            return state.Find(ArtifactReference.Parse(state.Name + selector)) is { } record
                ? [new PublishedVersion(store, state, record)]
                : [];
        var pattern = NamePattern.Of(selector.Substring(1));
        return state
            .VersionNumbers.Select(number => new PublishedVersion(store, state, state.Find(number)!))
            .Where(version =>
                pattern.IsMatch(version.Reference.Substring(version.Name.Length + 1))
                || version.Aliases.Any(pattern.IsMatch)
            );
    }

    private IEnumerable<PublishedVersion> VersionsOf(VersionStore store, CatalogState state)
    {
        var all = AllVersions || Tag.Length + Alias.Length > 0;
        // `latest` is there as long as any version is.
        var numbers = all ? state.VersionNumbers.ToList() : [state.Aliases[Names.Latest]];
        return numbers.Select(number => new PublishedVersion(store, state, state.Find(number)!));
    }

    private void WriteMatching(IEnumerable<PublishedVersion> versions)
    {
        foreach (var version in versions)
            if (
                Matches(Type, [version.Record.Type])
                && Matches(Tag, version.Record.Tags)
                && Matches(Alias, version.Aliases)
            )
                WriteObject(new ArtifactVersion(version));
    }

    private static bool Matches(string[] patterns, IReadOnlyList<string> texts) =>
        patterns.Length == 0 || patterns.Any(pattern => texts.Any(NamePattern.Of(pattern).IsMatch));
}
