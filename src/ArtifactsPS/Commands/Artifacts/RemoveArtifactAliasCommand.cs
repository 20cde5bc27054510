using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Remove, "ArtifactAlias", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class RemoveArtifactAliasCommand : StoreCmdlet
{
    // One transaction removes the aliases of an artifact.
    private readonly PendingBatch<(PublishedVersion Version, AliasName Alias, object? Item)> _pending;

    public RemoveArtifactAliasCommand() => _pending = new(removal => removal.Version, Commit);

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var alias in Alias)
            ForItem(Name.Item, () => _pending.Guard(() => Remove(AliasName.Parse(alias))));
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _pending.Commit();

    private void Remove(AliasName alias)
    {
        var reference = ArtifactReference.Parse(Name.Text);
        var version = FindOnce(reference.IsNameOnly ? Name.WithAlias(alias) : Name);
        if (ShouldProcess(version.Reference, $"Remove alias {alias}"))
            _pending.Add((version, alias, Name.Item));
        else if (IsWhatIf)
            Await(token => AliasPreview.CheckRemovalAsync(version, alias, token));
    }

    private void Commit(IReadOnlyList<(PublishedVersion Version, AliasName Alias, object? Item)> removals) =>
        ForItem(
            removals[0].Item,
            () =>
            {
                var run = CurrentRun.Id;
                List<(PublishedVersion, AliasName)> aliases = [.. removals.Select(item => (item.Version, item.Alias))];
                var results = Await(token => VersionBatchEditor.RemoveAliasesAsync(aliases, run, token));
                for (var i = 0; i < results.Count; i++)
                    if (results[i].Failure is { } failure)
                        WriteError(ErrorRecords.From(failure, removals[i].Item));
                    else if (PassThru)
                        WriteVersion(results[i].Value!);
            }
        );
}
