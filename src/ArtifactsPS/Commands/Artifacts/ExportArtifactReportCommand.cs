using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Reports;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsData.Export, "ArtifactReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportArtifactReportCommand : StoreCmdlet
{
    private readonly Dictionary<ArtifactName, CatalogState> _found = [];
    private VersionStore? _store;
    private bool _hasFailed;

    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument[] Name { get; set; } = [new("*")];

    [Parameter(Mandatory = true, Position = 1)]
    [Alias("LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

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
        // No artifact was found, which has been reported. An empty report would hide that.
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
        var artifacts = _found.Values.OrderBy(state => state.Name.ToString(), CaseInsensitiveName.Comparer).ToList();
        if (!ShouldProcess(path, $"Export a report of {artifacts.Count} artifacts"))
            return;
        var progress = new TransferProgress();
        Await(
            async token =>
            {
                var report = await new ReportReader(ReportLimits.Default, progress)
                    .ReadAsync(store, artifacts, token)
                    .ConfigureAwait(false);
                await ReportExporter.ExportAsync(report, path, Force, token).ConfigureAwait(false);
            },
            $"Exporting {path}",
            progress
        );
        if (PassThru)
            WriteFile(path);
    }
}

/// <summary>A report of one store can't include an artifact of another store.</summary>
public sealed class ReportOfSeveralStoresException(string name, string store, string reported)
    : ArtifactsException(
        $"'{name}' is in {store}, but the report is about {reported}. Export one report for each store.",
        name
    )
{
    public override string ErrorId => "ReportOfSeveralStores";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
