using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Restoring;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsData.Compare, "Artifact")]
[OutputType(typeof(ArtifactDifference))]
[OutputType(typeof(ArtifactDifferenceSummary))]
public sealed class CompareArtifactCommand : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument ReferenceName { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument DifferenceName { get; set; } = null!;

    [Parameter]
    public SwitchParameter Summary { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            ReferenceName.Item,
            () =>
            {
                var (reference, name) = Open(ReferenceName);
                ForItem(DifferenceName.Item, () => Compare(reference, name));
            }
        );

    private void Compare(Manifest reference, string name)
    {
        if (DifferenceName.Folder is { } given)
        {
            var folder = FileSystemPath.Resolve(SessionState.Path, given);
            if (!Directory.Exists(folder))
                throw new DirectoryNotFoundException($"The folder '{folder}' does not exist.");
            CompareFolder(reference, name, folder);
            return;
        }
        var (difference, other) = Open(DifferenceName);
        Write(name, other, Stream(token => ManifestComparer.CompareAsync(reference, difference, token)));
    }

    private void CompareFolder(Manifest reference, string name, string folder)
    {
        var progress = new TransferProgress();
        var found = new List<EntryDifference>();
        var comparer = new FolderComparer(reference, folder, Sink<ItemFailure>(WriteFailure), progress)
        {
            References = new ReferencedContent(ReferenceSources.OfUser(allowedHosts: null, handlers: CreateHandlers())),
        };
        Await(
            async token =>
            {
                await foreach (var difference in comparer.CompareAsync(token).ConfigureAwait(false))
                    found.Add(difference);
            },
            $"Comparing {name} with {folder}",
            progress
        );
        Write(name, folder, found);
    }

    private void Write(string reference, string difference, IEnumerable<EntryDifference> differences)
    {
        var summary = new ArtifactDifferenceSummary(reference, difference);
        foreach (var found in differences)
        {
            if (!Summary)
                WriteObject(new ArtifactDifference(found, reference, difference));
            summary.Add(found);
        }
        if (Summary)
            WriteObject(summary);
    }

    private (Manifest Manifest, string Name) Open(ArtifactArgument argument)
    {
        if (argument.Draft is { } draft)
            return (Await(draft.Draft.BuildManifestAsync), $"{draft.Name} (draft)");
        var version = Find(argument);
        return (version.Manifest, version.Reference);
    }
}
