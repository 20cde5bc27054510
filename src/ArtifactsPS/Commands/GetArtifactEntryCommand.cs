using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Completion;
using ArtifactsPS.Manifests;

namespace ArtifactsPS.Commands;

/// <summary>Lists the entries of a version or a draft, in the order of their paths.</summary>
/// <example>
/// <code>Get-ArtifactEntry mnist:prod</code>
/// Lists all files of a version.
/// </example>
/// <example>
/// <code>Get-ArtifactEntry mnist -Path *.csv, raw/</code>
/// Lists the CSV files, at any depth, and all below <c>raw</c>.
/// </example>
/// <example>
/// <code>
/// $draft = New-Artifact mnist dataset | Add-ArtifactDirectory ./data
/// Get-ArtifactEntry $draft | Where-Object Size -gt 100MB
/// </code>
/// Looks for large files before publishing.
/// </example>
/// <seealso cref="GetArtifactContentCommand"/>
/// <seealso cref="CompareArtifactCommand"/>
[Cmdlet(VerbsCommon.Get, "ArtifactEntry", DefaultParameterSetName = ByPath)]
[OutputType(typeof(ArtifactEntry))]
public sealed class GetArtifactEntryCommand : StoreCmdlet
{
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    /// <summary>A name (<c>mnist</c>), a version (<c>mnist:v3</c>), a version object, or a draft.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Artifact")]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    /// <summary>Only these entries: a file, a folder with all below it, or a wildcard. Case counts, and <c>*</c> stands
    /// for <c>/</c> too.</summary>
    [Parameter(Position = 1, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] Path { get; set; } = [];

    /// <summary>Only these files or folders, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath)]
    [Alias("LP")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            Name.Item,
            () =>
            {
                if (Name.Draft?.Draft is { } draft)
                    List(draft.EntriesAsync, draft.Name, draft.Store.Location);
                else
                {
                    var version = Find(Name);
                    List(version.EntriesAsync, version.Reference, version.Store.Location);
                }
            }
        );

    private void List(
        Func<EntrySelector, CancellationToken, IAsyncEnumerable<ManifestEntry>> entries,
        string artifact,
        string store
    )
    {
        foreach (var selector in EntryPatterns.All(Path, LiteralPath))
        {
            var any = false;
            foreach (var entry in Stream(token => entries(selector, token)))
            {
                any = true;
                WriteObject(new ArtifactEntry(entry, artifact, store));
            }
            if (!any && !selector.IsPattern)
                WriteError(ErrorRecords.From(new ArtifactEntryNotFoundException(selector.Text, artifact)));
        }
    }
}
