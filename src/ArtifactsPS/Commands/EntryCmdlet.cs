using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands;

/// <summary>Base of cmdlets that output entries of a version or draft.</summary>
public abstract class EntryCmdlet : StoreCmdlet
{
    /// <summary>Streams the selected entries. A name that no entry has is a non-terminating error.</summary>
    /// <param name="entries">Reads the entries of the version or draft.</param>
    /// <param name="artifact">The version or draft, for messages.</param>
    private protected IEnumerable<ManifestEntry> Select(
        Func<EntrySelector, CancellationToken, IAsyncEnumerable<ManifestEntry>> entries,
        IEnumerable<EntrySelector> selectors,
        string artifact
    )
    {
        foreach (var selector in selectors)
        {
            var any = false;
            foreach (var entry in Stream(token => entries(selector, token)))
            {
                any = true;
                yield return entry;
            }
            if (!any && !selector.IsPattern)
                WriteNotFound(selector, artifact, entries);
        }
    }

    /// <summary>Writes the error for a name that no entry has.</summary>
    private protected void WriteNotFound(
        EntrySelector selector,
        string artifact,
        Func<EntrySelector, CancellationToken, IAsyncEnumerable<ManifestEntry>> entries
    ) =>
        WriteError(
            ErrorRecords.From(Await(token => MissingEntry.ExplainAsync(selector.Text, artifact, entries, token)))
        );
}
