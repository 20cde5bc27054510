using System.Management.Automation;
using ArtifactsPS.Completion;
using ArtifactsPS.Manifests;

namespace ArtifactsPS.Commands;

/// <summary>
/// Shows in which paths two versions differ, by their manifests alone: no file is read, and of the manifests only what
/// is not equal. A draft can stand for either.
/// </summary>
/// <example>
/// <code>Compare-Artifact mnist:v0 mnist:prod</code>
/// Lists what was added, removed and modified from <c>v0</c> to the version that <c>prod</c> means.
/// </example>
/// <example>
/// <code>
/// $draft = New-Artifact mnist dataset | Add-ArtifactDirectory ./data
/// Compare-Artifact mnist $draft
/// </code>
/// Shows what would be new in the next version.
/// </example>
/// <example>
/// <code>Compare-Artifact mnist:v0 mnist | Where-Object Change -eq Modified | ForEach-Object Path</code>
/// Names the paths whose content has changed.
/// </example>
/// <seealso cref="GetArtifactEntryCommand"/>
/// <seealso cref="GetArtifactHistoryCommand"/>
[Cmdlet(VerbsData.Compare, "Artifact")]
[OutputType(typeof(ArtifactDifference))]
public sealed class CompareArtifactCommand : StoreCmdlet
{
    /// <summary>The version (<c>mnist:v0</c>), version object or draft to compare with.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument ReferenceName { get; set; } = null!;

    /// <summary>The version, version object or draft that is compared.</summary>
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
