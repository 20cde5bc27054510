using System.Management.Automation;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Commands;

/// <summary>
/// Removes what this module keeps on this machine to be quicker: what it read from stores that are far away, and what it
/// remembers of files that were added or restored. Nothing is lost by it but time; commands that are running go on.
/// </summary>
/// <example>
/// <code>Clear-ArtifactCache -WhatIf</code>
/// Says how much there is, and where.
/// </example>
/// <example>
/// <code>Clear-ArtifactCache</code>
/// Removes it. To keep less in the first place, set $env:ARTIFACTS_CACHE_LIMIT, for example to 1GB, or to 0.
/// </example>
/// <seealso cref="GetArtifactStoreCommand"/>
[Cmdlet(VerbsCommon.Clear, "ArtifactCache", SupportsShouldProcess = true)]
public sealed class ClearArtifactCacheCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var (files, bytes) = LocalCache.Measure();
        if (!ShouldProcess(LocalCache.Folder, $"Remove {files} files of {ByteSize.Format(bytes)}"))
            return;
        var left = LocalCache.Clear();
        if (left > 0)
            WriteWarning($"{left} files of the cache are in use and were left. Run the command again later.");
    }
}
