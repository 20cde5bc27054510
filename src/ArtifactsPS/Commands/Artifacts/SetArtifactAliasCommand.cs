using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Set, "ArtifactAlias", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class SetArtifactAliasCommand : StoreCmdlet
{
    // One transaction moves the aliases of an artifact.
    private readonly PendingBatch<(PublishedVersion Version, object? Item)> _pending;

    public SetArtifactAliasCommand() => _pending = new(change => change.Version, Commit);

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
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExpectedVersionCompleter))]
    public string? Expect { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            Name.Item,
            () =>
                _pending.Guard(() =>
                {
                    List<AliasName> aliases = [.. Alias.Select(AliasName.Parse)];
                    var expected = ExpectArgument.Parse(Expect, aliases);
                    // An alias may be one of those that are about to move.
                    if (!IsByNumber(Name))
                        _pending.Commit();
                    var version = FindOnce(Name);
                    if (!ShouldProcess(version.Reference, $"Set alias {string.Join(", ", aliases)}"))
                    {
                        if (IsWhatIf)
                            Await(token => AliasPreview.CheckMoveAsync(version, aliases, expected, token));
                    }
                    else if (expected is null)
                        _pending.Add((version, Name.Item));
                    else
                        Move(version, aliases, expected);
                })
        );

    /// <inheritdoc/>
    protected override void EndProcessing() => _pending.Commit();

    // Where the aliases are expected depends on the moves before.
    private void Move(PublishedVersion version, IReadOnlyList<AliasName> aliases, AliasExpectation expected)
    {
        var run = CurrentRun.Id;
        var moved = Await(token => VersionEditor.SetAliasesAsync(version, aliases, expected, run, token));
        if (PassThru)
            WriteVersion(moved);
    }

    private void Commit(IReadOnlyList<(PublishedVersion Version, object? Item)> changes) =>
        ForItem(
            changes[0].Item,
            () =>
            {
                var run = CurrentRun.Id;
                List<AliasName> aliases = [.. Alias.Select(AliasName.Parse)];
                List<PublishedVersion> versions = [.. changes.Select(change => change.Version)];
                var results = Await(token => VersionBatchEditor.SetAliasesAsync(versions, aliases, run, token));
                for (var i = 0; i < results.Count; i++)
                    if (results[i].Failure is { } failure)
                        WriteError(ErrorRecords.From(failure, changes[i].Item));
                    else if (PassThru)
                        WriteVersion(results[i].Value!);
            }
        );
}
