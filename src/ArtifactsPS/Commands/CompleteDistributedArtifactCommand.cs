using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Collaboration;
using ArtifactsPS.Completion;
using ArtifactsPS.Content;

namespace ArtifactsPS.Commands;

/// <summary>
/// Makes one version of all that was contributed, and of a draft if one is given. From then on no contribution is taken
/// under that id. Interrupted, it can be called again; called twice, it gives the same version.
/// </summary>
/// <example>
/// <code>Complete-DistributedArtifact scans -DistributedId nightly-42 -Alias complete</code>
/// Publishes what was contributed under an id.
/// </example>
/// <example>
/// <code>
/// New-Artifact scans dataset | Add-ArtifactFile ./docs/index.md |
///     Complete-DistributedArtifact -DistributedId nightly-44 -ConflictAction LastWins
/// </code>
/// Contributes a file of its own and publishes. Of paths with different content, what came last is taken.
/// </example>
/// <seealso cref="SetDistributedArtifactCommand"/>
/// <seealso cref="GetDistributedArtifactCommand"/>
[Cmdlet(VerbsLifecycle.Complete, "DistributedArtifact", DefaultParameterSetName = ByName, SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class CompleteDistributedArtifactCommand : StoreCmdlet
{
    private const string ByName = "Name";
    private const string ByDraft = "Artifact";

    /// <summary>A draft with what this writer contributes itself.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByDraft, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Artifact Artifact { get; set; } = null!;

    /// <summary>The artifact, where this writer contributes nothing.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The type that the contributions are expected to have.</summary>
    [Parameter(Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TypeCompleter))]
    public string? Type { get; set; }

    /// <summary>What all writers have in common; the run's group if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DistributedId { get; set; }

    /// <summary>Who completes. If left out, the run that was started here, else this process and runspace.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Contributor { get; set; }

    /// <summary>Aliases to move to the version, besides <c>latest</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Alias { get; set; } = [];

    /// <summary>Labels for the version, besides those of the contributions.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Tag { get; set; } = [];

    /// <summary>What becomes of a path for which writers contributed different content: an Error, which changes nothing;
    /// the content that reached the store first (FirstWins) or last (LastWins), where the draft given here is the last.</summary>
    [Parameter]
    public ConflictAction ConflictAction { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(ParameterSetName == ByDraft ? Artifact : Name, Complete);

    private void Complete()
    {
        var draft = ParameterSetName == ByDraft ? Artifact.TakeUpMetadata() : null;
        var id = ArtifactsPS.DistributedId.Resolve(DistributedId);
        var log = new CollaborationLog(draft?.Store ?? OpenStore(), draft?.Name ?? Name, id);
        if (!ShouldProcess(log.Name, $"Complete {id}"))
            return;
        var options = new CompletionOptions
        {
            Draft = draft,
            Contributor = ArtifactsPS.Contributor.Resolve(Contributor),
            Type = Type is null ? null : Names.CheckType(Type),
            Aliases = Alias,
            Tags = Tag,
            OnConflict = ConflictAction,
            RunId = CurrentRun.Id,
        };
        var version = Await(
            new CollaborationCompleter(log, options).CompleteAsync,
            $"Completing {log.Name}",
            new TransferProgress()
        );
        WriteObject(new ArtifactVersion(version));
    }
}
