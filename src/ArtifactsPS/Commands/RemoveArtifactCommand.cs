using System.Management.Automation;
using ArtifactsPS.Catalogs;

namespace ArtifactsPS.Commands;

/// <summary>
/// Deletes a version, or all versions of an artifact. Their numbers are not used again, and the content they alone have
/// goes with the next clean-up. A version with aliases besides <c>latest</c> is deleted only with -Force.
/// </summary>
/// <example>
/// <code>Remove-Artifact mnist:v0</code>
/// Deletes one version.
/// </example>
/// <example>
/// <code>
/// Get-Artifact mnist -AllVersions | Where-Object CreatedAt -lt ([DateTime]::Now.AddDays(-90)) | Remove-Artifact -WhatIf
/// </code>
/// Shows which versions would go if those older than 90 days were deleted.
/// </example>
/// <example>
/// <code>Remove-Artifact mnist -AllVersions -Force</code>
/// Deletes all versions, those with aliases too.
/// </example>
/// <seealso cref="SetArtifactCommand"/>
/// <seealso cref="GetArtifactHistoryCommand"/>
[Cmdlet(VerbsCommon.Remove, "Artifact", SupportsShouldProcess = true)]
public sealed class RemoveArtifactCommand : ArtifactCmdlet
{
    /// <summary>Deletes all versions of the artifact.</summary>
    [Parameter]
    public SwitchParameter AllVersions { get; set; }

    /// <summary>Deletes versions that have aliases, too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        var target = AllVersions ? $"all versions of {version.Name}" : version.Reference;
        if (!ShouldProcess(target, "Delete"))
            return;
        var run = CurrentRun.Id;
        var deleted = Await(token =>
            AllVersions
                ? VersionEditor.DeleteAllAsync(version, Force, run, token)
                : VersionEditor.DeleteAsync(version, Force, run, token)
        );
        foreach (var (reference, aliases) in deleted)
            WriteVerbose(
                aliases.Count > 0
                    ? $"Deleted {reference} and its aliases {string.Join(", ", aliases)}."
                    : $"Deleted {reference}."
            );
    }
}
