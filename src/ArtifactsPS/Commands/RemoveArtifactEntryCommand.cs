using System.Management.Automation;
using ArtifactsPS.Completion;
using ArtifactsPS.Manifests;

namespace ArtifactsPS.Commands;

/// <summary>Removes entries from a draft: a file, a folder with all below it, or what matches a wildcard.</summary>
/// <example>
/// <code>New-ArtifactDraft mnist | Remove-ArtifactEntry raw/ | Publish-Artifact</code>
/// Publishes a version without the folder <c>raw</c>.
/// </example>
/// <example>
/// <code>New-ArtifactDraft mnist | Remove-ArtifactEntry *.tmp, labels.csv | Publish-Artifact</code>
/// Removes a file, and all that end with <c>.tmp</c>, at any depth.
/// </example>
/// <example>
/// <code>
/// $draft = New-ArtifactDraft mnist
/// Get-ArtifactEntry mnist | Where-Object Size -gt 1KB | Remove-ArtifactEntry -Artifact $draft
/// </code>
/// Removes large files.
/// </example>
/// <seealso cref="NewArtifactDraftCommand"/>
/// <seealso cref="GetArtifactEntryCommand"/>
[Cmdlet(VerbsCommon.Remove, "ArtifactEntry", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(Artifact))]
public sealed class RemoveArtifactEntryCommand : DraftCmdlet
{
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    /// <summary>Entry paths, which can have wildcards; <c>dir/</c> means the folder and all below it. Case counts, and
    /// <c>*</c> stands for <c>/</c> too. What isn't there is an error, which leaves the draft as it was.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] Path { get; set; } = [];

    /// <summary>Entry paths that are taken as they are; those of entries down the pipeline.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("LP", "EntryPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in ParameterSetName == ByPath ? Path : LiteralPath)
            ForItem(path, () => Remove(path));
        if (DraftsArePiped)
            WriteDraft(Artifact);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!DraftsArePiped)
            WriteDraft(Artifact);
    }

    private void Remove(string path)
    {
        var selector = ParameterSetName == ByPath ? EntryPatterns.Parse(path) : EntrySelector.FileOrFolder(path);
        if (!ShouldProcess(path, $"Remove from {Artifact.Name}"))
            return;
        var count = Await(token => Artifact.Draft.RemoveAsync(selector, token));
        WriteVerbose($"{count} entries removed from {Artifact.Name} by '{path}'.");
    }
}
