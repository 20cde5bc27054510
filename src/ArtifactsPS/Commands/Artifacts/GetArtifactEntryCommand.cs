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
                    List(draft.EntriesAsync, draft.Name.ToString(), draft.Store.Location);
                else
                {
                    var version = Find(Name);
                    List(version.EntriesAsync, version.Reference, version.Store.Location);
                }
            }
        );

    private void List(
        Func<EntrySelector, CancellationToken, IAsyncEnumerable<ManifestEntry>> entries,
        string artifact,
        string store
    )
    {
        var tree = Tree ? new EntryTree() : null;
        foreach (var entry in Select(entries, EntryPatterns.FilesAndFolders(Path, LiteralPath), artifact))
        {
            var found = new ArtifactEntry(entry, artifact, store);
            if (tree is null)
                WriteObject(found);
            else
                tree.Add(found);
        }
        foreach (var line in tree?.Lines(artifact) ?? [])
            WriteObject(line);
    }
}
