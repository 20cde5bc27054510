using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsData.Compare, "Artifact")]
[OutputType(typeof(ArtifactDifference))]
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

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            ReferenceName.Item,
            () =>
            {
                var reference = ManifestOf(ReferenceName);
                ForItem(DifferenceName.Item, () => Compare(reference, ManifestOf(DifferenceName)));
            }
        );

    private void Compare(Manifest reference, Manifest difference)
    {
        foreach (var found in Stream(token => ManifestComparer.CompareAsync(reference, difference, token)))
            WriteObject(new ArtifactDifference(found));
    }

    private Manifest ManifestOf(ArtifactArgument argument) =>
        argument.Draft is { } draft ? Await(draft.Draft.BuildManifestAsync) : Find(argument).Manifest;
}
