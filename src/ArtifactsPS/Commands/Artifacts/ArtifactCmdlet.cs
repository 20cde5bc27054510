using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands.Artifacts;

/// <summary>Base of cmdlets that work on published versions.</summary>
public abstract class ArtifactCmdlet : StoreCmdlet
{
    private VersionStore? _store;
    private CatalogState? _catalog;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    /// <summary>Processes one version. Failures become non-terminating errors.</summary>
    private protected abstract void Process(PublishedVersion version);

    /// <summary>Whether a version given by its number may be taken from a catalog that this command has read before.</summary>
    private protected virtual bool ReusesCatalogs => false;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Name.Item, () => Process(FindByNumber() ?? Find(Name)));

    private PublishedVersion? FindByNumber()
    {
        if (!ReusesCatalogs || Name.Draft is not null)
            return null;
        var reference = ArtifactReference.Parse(Name.Text);
        if (reference.Version is null)
            return null;
        var store = OpenStoreOf(Name);
        if (_store != store || _catalog?.Name != reference.Name)
            (_store, _catalog) = (store, Await(token => store.ReadCatalogAsync(reference.Name, token)));
        var catalog = _catalog!;
        return catalog.Contains(reference.Version.Value)
            ? Await(token => store.FindAsync(catalog, reference, token))
            : null;
    }
}
