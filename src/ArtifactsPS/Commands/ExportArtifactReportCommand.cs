using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Completion;
using ArtifactsPS.Content;
using ArtifactsPS.Reports;

namespace ArtifactsPS.Commands;

/// <summary>
/// Writes one HTML page about artifacts: their versions and sizes over time, what each version changed, aliases and tags,
/// the entries of each latest version, and its lineage. Everything is in the page, which fetches nothing, so it can be sent,
/// archived and opened anywhere. Only catalogs and manifests are read, no file's content.
/// </summary>
/// <remarks>
/// The page shows the newest 500 versions of an artifact and the 5,000 largest entries of its latest version, and says what
/// it leaves out.
/// </remarks>
/// <example>
/// <code>Export-ArtifactReport mnist ./mnist.html</code>
/// Writes a page about one artifact.
/// </example>
/// <example>
/// <code>Export-ArtifactReport -Path ./report.html -Force -PassThru</code>
/// Writes a page about all artifacts, replacing the one there is, and the page as an object: Invoke-Item opens that in the
/// browser.
/// </example>
/// <example>
/// <code>Get-Artifact -Type model | Export-ArtifactReport -Path ./models.html</code>
/// Writes a page about the artifacts that come down the pipeline.
/// </example>
/// <seealso cref="GetArtifactCommand"/>
/// <seealso cref="CompareArtifactCommand"/>
/// <seealso cref="GetArtifactLineageCommand"/>
[Cmdlet(VerbsData.Export, "ArtifactReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportArtifactReportCommand : StoreCmdlet
{
    private readonly Dictionary<string, CatalogState> _found = new(Names.Comparer);
    private VersionStore? _store;
    private bool _hasFailed;

    /// <summary>Names of artifacts, with wildcards or without, or version objects, which stand for all versions of their
    /// artifact. Left out: all artifacts.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument[] Name { get; set; } = [new("*")];

    /// <summary>The page; nothing in it is a wildcard.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the page as an object.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var failed = true;
            ForItem(
                name.Item,
                () =>
                {
                    Find(name);
                    failed = false;
                }
            );
            _hasFailed |= failed;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // What was asked for isn't there, and was told; a page about nothing would tell otherwise.
        if (_store is null || _found.Count == 0 && _hasFailed)
            return;
        ForItem(Path, () => Export(_store));
    }

    private new void Find(ArtifactArgument name)
    {
        var store = OpenStoreOf(name);
        if (_store is not null && _store.Id != store.Id)
            throw new ReportOfSeveralStoresException(name.Text, store.Location, _store.Location);
        _store = store;
        if (!WildcardPattern.ContainsWildcardCharacters(name.Text))
        {
            var artifact = ArtifactReference.Parse(name.Text).Name;
            Add(Await(token => store.ReadCatalogAsync(artifact, token)));
            return;
        }
        foreach (var state in Stream(token => store.ReadCatalogsAsync(NamePattern.Of(name.Text).IsMatch, token)))
            Add(state);
    }

    private void Add(CatalogState state) => _found[state.Name] = state;

    private void Export(VersionStore store)
    {
        var path = FileSystemPath.Resolve(SessionState.Path, Path);
        ReportExporter.Check(path, Force);
        var artifacts = _found.Values.OrderBy(state => state.Name, Names.Comparer).ToList();
        if (!ShouldProcess(path, $"Export a report of {artifacts.Count} artifacts"))
            return;
        var progress = new TransferProgress();
        Await(
            async token =>
            {
                var report = await new ReportReader(ReportLimits.Default, progress)
                    .ReadAsync(store, artifacts, token)
                    .ConfigureAwait(false);
                await ReportExporter.ExportAsync(report, path, token).ConfigureAwait(false);
            },
            $"Exporting {path}",
            progress
        );
        if (PassThru)
            WriteObject(new FileInfo(path));
    }
}

/// <summary>A report of one store was to take in an artifact of another.</summary>
public sealed class ReportOfSeveralStoresException(string name, string store, string reported)
    : ArtifactsException(
        $"'{name}' is in {store}, and the report is of {reported}. Export a report for each store.",
        name
    );
