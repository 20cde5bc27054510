using System.Management.Automation;
using ArtifactsPS.Collaboration;
using ArtifactsPS.Completion;

namespace ArtifactsPS.Commands;

/// <summary>
/// Gives up what was contributed to a version that isn't completed. Contributions that follow under the same id begin
/// anew.
/// </summary>
/// <example>
/// <code>Remove-DistributedArtifact scans nightly-42</code>
/// Gives up what was contributed under an id.
/// </example>
/// <example>
/// <code>Get-DistributedArtifact scans | Remove-DistributedArtifact -WhatIf</code>
/// Shows what would be given up.
/// </example>
/// <seealso cref="GetDistributedArtifactCommand"/>
/// <seealso cref="CompleteDistributedArtifactCommand"/>
[Cmdlet(VerbsCommon.Remove, "DistributedArtifact", SupportsShouldProcess = true)]
public sealed class RemoveDistributedArtifactCommand : StoreCmdlet
{
    /// <summary>The artifact.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public string Name { get; set; } = "";

    /// <summary>What its writers have in common; the run's group if left out.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? DistributedId { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            Name,
            () =>
            {
                var log = new CollaborationLog(OpenStore(), Name, ArtifactsPS.DistributedId.Resolve(DistributedId));
                if (ShouldProcess($"{log.Name} {log.Id}", "Give up what was contributed"))
                    Await(log.AbandonAsync);
            }
        );
}
