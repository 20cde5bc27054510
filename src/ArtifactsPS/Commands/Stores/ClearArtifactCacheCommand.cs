using System.Management.Automation;
using ArtifactsPS.Core.Storage.Caching;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Stores;

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
