using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(
    VerbsCommon.Remove,
    "Artifact",
    DefaultParameterSetName = "Version",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High
)]
public sealed class RemoveArtifactCommand : StoreCmdlet
{
    // One transaction deletes the versions of an artifact.
    private readonly PendingBatch<(PublishedVersion Version, object? Item)> _pending;

    public RemoveArtifactCommand() => _pending = new(removal => removal.Version, Commit);

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument[] Name { get; set; } = [];

    [Parameter(ParameterSetName = "AllVersions", Mandatory = true)]
    public SwitchParameter AllVersions { get; set; }

    [Parameter(ParameterSetName = "KeepLast", Mandatory = true)]
    [ValidateRange(1, int.MaxValue)]
    public int KeepLast { get; set; }

    [Parameter(ParameterSetName = "Version")]
    [Parameter(ParameterSetName = "AllVersions")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            ForItem(name.Item, () => _pending.Guard(() => RemoveMatching(name)));
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _pending.Commit();

    private void RemoveMatching(ArtifactArgument name)
    {
        CheckIsPublished(name);
        var removesSeveral = AllVersions || KeepLast > 0;
        if (!WildcardPattern.ContainsWildcardCharacters(name.Text))
        {
            if (!removesSeveral && ArtifactReference.Parse(name.Text).IsNameOnly)
                throw new AmbiguousRemovalException(name.Text);
            // Removing versions moves 'latest'.
            if (!IsByNumber(name))
                _pending.Commit();
            Remove(FindOnce(name), name.Item);
            return;
        }
        var (_, selector) = VersionPattern.Parse(name.Text);
        if (!removesSeveral && selector is null)
            throw new AmbiguousRemovalException(name.Text);
        _pending.Commit();
        var search = new VersionSearch(OpenStore(), new VersionFilter());
        var found = Stream(token => VersionPattern.FindAsync(search, name.Text, token)).ToList();
        if (removesSeveral)
            found = [.. found.GroupBy(version => version.Name).Select(versions => versions.First())];
        foreach (var version in found)
            ForItem(version.Reference, () => _pending.Guard(() => Remove(version, version.Reference)));
    }

    private void Remove(PublishedVersion version, object? item)
    {
        if (AllVersions)
            RemoveAll(version);
        else if (KeepLast > 0)
            RemoveOlder(version);
        else if (Confirm(version.Reference))
            _pending.Add((version, item));
        else if (IsWhatIf)
            Await(token => AliasPreview.CheckDeletionAsync(version, [version.Record.Number], token));
    }

    private void Commit(IReadOnlyList<(PublishedVersion Version, object? Item)> removals) =>
        ForItem(
            removals[0].Item,
            () =>
            {
                var run = CurrentRun.Id;
                List<PublishedVersion> versions = [.. removals.Select(removal => removal.Version)];
                var results = Await(token => VersionBatchEditor.DeleteAsync(versions, Force, run, token));
                for (var i = 0; i < results.Count; i++)
                    if (results[i].Failure is { } failure)
                        WriteError(ErrorRecords.From(failure, removals[i].Item));
                    else
                        WriteDeleted(versions[i].Reference, results[i].Value!);
            }
        );

    private void RemoveAll(PublishedVersion version)
    {
        var chosen = Choose(version, state => state.VersionNumbers);
        if (chosen.Count == 0)
            return;
        var run = CurrentRun.Id;
        WriteDeleted(Await(token => VersionEditor.DeleteAllAsync(version, chosen, Force, run, token)));
    }

    private void RemoveOlder(PublishedVersion version)
    {
        var chosen = Choose(
            version,
            state => Await(token => VersionEditor.OlderThanAsync(version.Store, state, KeepLast, token))
        );
        if (chosen.Count == 0)
            return;
        var run = CurrentRun.Id;
        foreach (var reference in Await(token => VersionEditor.DeleteOlderAsync(version, KeepLast, chosen, run, token)))
            WriteDeleted(reference, []);
    }

    private List<int> Choose(PublishedVersion version, Func<CatalogState, IEnumerable<int>> select)
    {
        var state = Await(token => version.Store.ReadCatalogAsync(version.Name, token));
        List<int> selected = [.. select(state)];
        List<int> chosen =
        [
            .. selected.Where(number => Confirm(ArtifactReference.To(version.Name, number).ToString())),
        ];
        if (IsWhatIf)
            Await(token => AliasPreview.CheckDeletionAsync(version, selected, token));
        return chosen;
    }

    private void WriteDeleted(IReadOnlyList<(string Reference, IReadOnlyList<AliasName> Aliases)> deleted)
    {
        foreach (var (reference, aliases) in deleted)
            WriteDeleted(reference, aliases);
    }

    private void WriteDeleted(string reference, IReadOnlyList<AliasName> aliases) =>
        WriteVerbose(
            $"Deleted {reference}{(aliases.Count > 0 ? $" and its aliases {string.Join(", ", aliases)}" : "")}. "
                + "Restore-Artifact brings it back until a clean-up has purged its content."
        );

    private bool Confirm(string target) =>
        ShouldProcess(
            $"Performing the operation \"Delete\" on target \"{target}\".",
            $"Delete {target}? Restore-Artifact brings a version back until a clean-up has purged its content.",
            "Confirm"
        );
}

/// <summary>A name without a version was given, and would not say which versions to delete.</summary>
public sealed class AmbiguousRemovalException(string name)
    : ArtifactsException(
        $"'{name}' doesn't say which versions to delete. Give one ('{name}:v3' or '{name}:latest'), or use -AllVersions or "
            + "-KeepLast.",
        name
    )
{
    public override string ErrorId => "AmbiguousRemoval";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
