using System.Management.Automation;
using ArtifactsPS.Collaboration;
using ArtifactsPS.Content;

namespace ArtifactsPS.Commands;

/// <summary>
/// Contributes a draft to a version that several writers make together; Complete-DistributedArtifact makes the version.
/// The draft is spent. Until then nothing of the version can be found by its name.
/// </summary>
/// <example>
/// <code>
/// New-Artifact scans dataset | Add-ArtifactDirectory ./data/raw | Set-DistributedArtifact -DistributedId nightly-42 -Contributor shard-3
/// </code>
/// What each of several machines does with its own files. <c>Complete-DistributedArtifact</c> then makes one version.
/// </example>
/// <example>
/// <code>
/// $env:ARTIFACTS_RUN_GROUP = 'nightly-43'
/// New-ArtifactDraft mnist:prod | Remove-ArtifactEntry raw/ | Set-DistributedArtifact
/// </code>
/// Takes the id from the environment. What is contributed is the change of <c>mnist:prod</c>.
/// </example>
/// <seealso cref="CompleteDistributedArtifactCommand"/>
/// <seealso cref="GetDistributedArtifactCommand"/>
[Cmdlet(VerbsCommon.Set, "DistributedArtifact", SupportsShouldProcess = true)]
[OutputType(typeof(DistributedContribution))]
public sealed class SetDistributedArtifactCommand : AsyncPSCmdlet
{
    /// <summary>The draft, from New-Artifact or New-ArtifactDraft. All contributions begin from the same version, or none.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Artifact Artifact { get; set; } = null!;

    /// <summary>What all writers have in common; the run's group if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DistributedId { get; set; }

    /// <summary>Who contributes. A later contribution of the same writer replaces an earlier one, path by path. If left out,
    /// the run that was started here, else this process and runspace; a job that may be run again after it was killed
    /// should give a name of its own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Contributor { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Artifact, Contribute);

    private void Contribute()
    {
        var draft = Artifact.TakeUpMetadata();
        var id = ArtifactsPS.DistributedId.Resolve(DistributedId);
        var contributor = ArtifactsPS.Contributor.Resolve(Contributor);
        if (
            !ShouldProcess(
                $"{draft.Name} ({draft.FileCount} files, {ByteSize.Format(draft.Size)})",
                $"Contribute under {id}"
            )
        )
            return;
        var run = CurrentRun.Id;
        var contribution = Await(
            token => DraftContributor.ContributeAsync(draft, id, contributor, run, token),
            $"Contributing to {draft.Name}",
            new TransferProgress(draft.FileCount, draft.Size)
        );
        WriteObject(new DistributedContribution(new CollaborationLog(draft.Store, draft.Name, id), contribution));
    }
}
