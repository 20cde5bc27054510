using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Get, "ArtifactEntry", DefaultParameterSetName = PathParameter.Path)]
[OutputType(typeof(ArtifactEntry))]
[OutputType(typeof(string))]
public sealed class GetArtifactEntryCommand : EntryCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Artifact")]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    [Parameter(Position = 1, ParameterSetName = PathParameter.Path)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = PathParameter.LiteralPath)]
    [Alias("LP")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Tree { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            Name.Item,
            () =>
            {
                if (Name.Draft?.Draft is { } draft)
                {
                    if (Tree)
                        Draw(Await(draft.BuildManifestAsync), draft.Name.ToString());
                    else
                        List(draft.EntriesAsync, draft.Name.ToString(), draft.Store.Location);
                    return;
                }
                var version = Find(Name);
                if (Tree)
                    Draw(version.Manifest, version.Reference);
                else
                    List(version.EntriesAsync, version.Reference, version.Store.Location);
            }
        );

    private void List(
        Func<EntrySelector, CancellationToken, IAsyncEnumerable<ManifestEntry>> entries,
        string artifact,
        string store
    )
    {
        foreach (var entry in Select(entries, EntryPatterns.FilesAndFolders(Path, LiteralPath), artifact))
            WriteObject(new ArtifactEntry(entry, artifact, store));
    }

    private void Draw(Manifest manifest, string artifact)
    {
        var selectors = EntryPatterns.FilesAndFolders(Path, LiteralPath).ToList();
        foreach (var selector in selectors.Where(selector => !selector.IsPattern))
            if (!Entries([selector]).Any())
                WriteNotFound(selector, artifact, (some, token) => manifest.EntriesAsync([some], token));
        var tree = EntryTree.Measure(Entries(selectors));
        foreach (var line in tree.Lines(artifact, Entries(selectors)))
            WriteObject(line);

        IEnumerable<ManifestEntry> Entries(IReadOnlyList<EntrySelector> some) =>
            Stream(token => manifest.EntriesAsync(some, token));
    }
}
