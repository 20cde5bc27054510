using System.Management.Automation;
using ArtifactsPS.Catalogs;

namespace ArtifactsPS.Commands;

/// <summary>
/// Deletes a version, all versions of an artifact, or all but the newest ones. Their numbers are not used again, and the content they alone have
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
/// <example>
/// <code>Get-Artifact | Remove-Artifact -KeepLast 10</code>
/// Keeps the ten newest versions of each artifact, and those that have aliases.
/// </example>
/// <seealso cref="SetArtifactCommand"/>
/// <seealso cref="OptimizeArtifactStoreCommand"/>
/// <seealso cref="GetArtifactHistoryCommand"/>
[Cmdlet(VerbsCommon.Remove, "Artifact", DefaultParameterSetName = "Version", SupportsShouldProcess = true)]
public sealed class RemoveArtifactCommand : ArtifactCmdlet
{
    /// <summary>Deletes all versions of the artifact.</summary>
    [Parameter(ParameterSetName = "AllVersions", Mandatory = true)]
    public SwitchParameter AllVersions { get; set; }

    /// <summary>Deletes all versions of the artifact but so many of the newest. One that has an alias besides
    /// <c>latest</c> stays, too.</summary>
    [Parameter(ParameterSetName = "KeepLast", Mandatory = true)]
    [ValidateRange(1, int.MaxValue)]
    public int KeepLast { get; set; }

    /// <summary>Deletes versions that have aliases, too.</summary>
    [Parameter(ParameterSetName = "Version")]
    [Parameter(ParameterSetName = "AllVersions")]
    public SwitchParameter Force { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        if (KeepLast > 0)
        {
            RemoveOlder(version);
            return;
        }
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

    private void RemoveOlder(PublishedVersion version)
    {
        var state = Await(token => version.Store.ReadCatalogAsync(version.Name, token));
        var chosen = VersionEditor
            .OlderThan(state, KeepLast)
            .Where(number => ShouldProcess(ArtifactReference.To(version.Name, number).ToString(), "Delete"))
            .ToList();
        if (chosen.Count == 0)
            return;
        var run = CurrentRun.Id;
        foreach (var reference in Await(token => VersionEditor.DeleteOlderAsync(version, KeepLast, chosen, run, token)))
            WriteVerbose($"Deleted {reference}.");
    }
}
