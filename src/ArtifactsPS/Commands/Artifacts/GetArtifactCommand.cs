using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Get, "Artifact")]
[OutputType(typeof(ArtifactVersion))]
public sealed class GetArtifactCommand : StoreCmdlet
{
    private const string AllVersionsView = "ArtifactsPS.Output.ArtifactVersion#AllVersions";

    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument[] Name { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TypeCompleter))]
    public string[] Type { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

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

    // The selector starts with ':' or '@'. A wildcard pattern is matched against version numbers (v3) and aliases.
    private static IEnumerable<PublishedVersion> Select(VersionStore store, CatalogState state, string selector)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(selector))
            return state.Find(ArtifactReference.Parse($"{state.Name}{selector}")) is { } record
                ? [new PublishedVersion(store, state, record)]
                : [];
        var pattern = NamePattern.Of(selector.Substring(1));
        return state
            .VersionNumbers.Select(number => new PublishedVersion(store, state, state.Find(number)!))
            .Where(version =>
                pattern.IsMatch(FormattableString.Invariant($"v{version.Record.Number}"))
                || version.Aliases.Any(alias => pattern.IsMatch(alias.ToString()))
            );
    }

    private IEnumerable<PublishedVersion> VersionsOf(VersionStore store, CatalogState state)
    {
        var all = AllVersions || Tag.Length + Alias.Length > 0;
        // An artifact with a version has the alias `latest`.
        var numbers = all ? state.VersionNumbers.ToList() : [state.Aliases[AliasName.Latest]];
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
                WriteObject(WithView(new ArtifactVersion(version)));
    }

    // The view of all versions groups them by artifact.
    private object WithView(ArtifactVersion version)
    {
        if (!AllVersions)
            return version;
        var item = new PSObject(version);
        item.TypeNames.Insert(0, AllVersionsView);
        return item;
    }

    private static bool Matches(string[] patterns, IReadOnlyList<CaseInsensitiveName> names) =>
        patterns.Length == 0
        || patterns.Any(pattern => names.Any(name => NamePattern.Of(pattern).IsMatch(name.ToString())));
}
