using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
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
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ArtifactTagCompleter))]
    public string[] ArtifactTag { get; set; } = [];

    [Parameter]
    public SwitchParameter AllVersions { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Name.Length == 0)
            ForItem(null, () => List("*"));
        foreach (var name in Name)
            ForItem(name.Item, () => Find(name));
    }

    private new void Find(ArtifactArgument name)
    {
        if (WildcardPattern.ContainsWildcardCharacters(name.Text))
        {
            List(name.Text);
            return;
        }
        CheckIsPublished(name);
        var reference = ArtifactReference.Parse(name.Text);
        var store = OpenStoreOf(name);
        var search = new VersionSearch(store, Filter());
        var links = new LinkSearch(store);
        foreach (var version in Await(token => search.FindAsync(reference, token)))
            Write(version, links);
    }

    private void List(string pattern)
    {
        var search = new VersionSearch(OpenStore(), Filter());
        var links = new LinkSearch(OpenStore());
        foreach (var version in Stream(token => VersionPattern.FindAsync(search, pattern, token)))
            Write(version, links);
    }

    private VersionFilter Filter() =>
        new()
        {
            Type = NamePattern.AnyOf(Type),
            Tag = NamePattern.AnyOf(Tag),
            Alias = NamePattern.AnyOf(Alias),
            ArtifactTag = NamePattern.AnyOf(ArtifactTag),
            AllVersions = AllVersions,
        };

    private void Write(PublishedVersion version, LinkSearch links) => WriteObject(WithView(ToOutput(version, links)));

    // The view of all versions groups them by artifact.
    private object WithView(ArtifactVersion version)
    {
        if (!AllVersions)
            return version;
        var item = new PSObject(version);
        item.TypeNames.Insert(0, AllVersionsView);
        return item;
    }
}
