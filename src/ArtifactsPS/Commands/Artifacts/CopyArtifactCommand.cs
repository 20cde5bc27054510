using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Attestations;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Transfer;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Copy, "Artifact", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class CopyArtifactCommand : SignedArtifactCmdlet
{
    private VersionStore _destination = null!;
    private ArtifactName? _newName;
    private IReadOnlyList<AliasName> _aliases = [];

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public string Destination { get; set; } = "";

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    [Parameter]
    public SwitchParameter KeepAlias { get; set; }

    [Parameter]
    public SwitchParameter AllVersions { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [NameArgumentTransformation]
    public string? NewName { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            _newName = NewName is null ? null : ArtifactName.Parse(NewName);
            _aliases = [.. Alias.Select(AliasName.Parse)];
            _destination = OpenStore(Destination);
        }
        catch (ArtifactsException e)
        {
            // Invalid arguments affect all input.
            ThrowTerminatingError(ErrorRecords.From(e));
        }
    }

    private protected override void Process(PublishedVersion version)
    {
        if (!AllVersions)
        {
            Copy(version);
            return;
        }
        var state = Await(token => version.Store.ReadCatalogAsync(version.Name, token));
        ItemCount += state.VersionCount;
        foreach (var record in Stream(state.ReadVersionsAsync))
        {
            var next = new PublishedVersion(version.Store, state, record);
            ForItem(next.Reference, () => Copy(next));
        }
    }

    private void Copy(PublishedVersion version)
    {
        var name = _newName ?? version.Name;
        var progress = new TransferProgress();
        var copier = new VersionCopier(version, _destination, name, progress);
        var aliases = KeepAlias ? [.. _aliases, .. version.Aliases.Where(alias => !alias.IsLatest)] : _aliases;
        if (
            !ShouldProcess(
                version.Reference,
                $"Copy to {_destination.Location}" + (_newName is null ? "" : $" as {name}")
            )
        )
        {
            if (IsWhatIf)
                Await(token => copier.CheckAsync(aliases, token));
            return;
        }
        CheckSignature(version);
        var run = CurrentRun.Id;
        var copy = Await(token => copier.CopyAsync(aliases, run, token), $"Copying {version.Reference}", progress);
        if (copy.Deduplicated && !copy.Record.HasDetails(version.Record.Description, version.Record.Metadata))
            WriteWarning(
                $"'{copy.Reference}' already has this content: the description and metadata of '{version.Reference}' were "
                    + $"not copied. Set-Artifact '{copy.Reference}' -Store '{_destination.Location}' changes them."
            );
        WriteVersion(copy);
    }
}
