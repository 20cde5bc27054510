using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

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
            ForItem(name.Item, () => RemoveMatching(name));
    }

    private void RemoveMatching(ArtifactArgument name)
    {
        CheckIsPublished(name);
        var removesSeveral = AllVersions || KeepLast > 0;
        if (!WildcardPattern.ContainsWildcardCharacters(name.Text))
        {
            if (!removesSeveral && ArtifactReference.Parse(name.Text).IsNameOnly)
                throw new AmbiguousRemovalException(name.Text);
            Remove(Find(name));
            return;
        }
        var (names, selector) = VersionPattern.Parse(name.Text);
        if (!removesSeveral && selector is null)
            throw new AmbiguousRemovalException(name.Text);
        var search = new VersionSearch(OpenStore(), new VersionFilter());
        var found = Stream(token => search.ListAsync(names, selector, token)).ToList();
        if (removesSeveral)
            found = [.. found.GroupBy(version => version.Name).Select(versions => versions.First())];
        foreach (var version in found)
            ForItem(version.Reference, () => Remove(version));
    }

    private void Remove(PublishedVersion version)
    {
        if (AllVersions)
            RemoveAll(version);
        else if (KeepLast > 0)
            RemoveOlder(version);
        else if (Confirm(version.Reference))
        {
            var run = CurrentRun.Id;
            WriteDeleted(Await(token => VersionEditor.DeleteAsync(version, Force, run, token)));
        }
    }

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
        var chosen = Choose(version, state => VersionEditor.OlderThan(state, KeepLast));
        if (chosen.Count == 0)
            return;
        var run = CurrentRun.Id;
        foreach (var reference in Await(token => VersionEditor.DeleteOlderAsync(version, KeepLast, chosen, run, token)))
            WriteDeleted(reference, []);
    }

    private List<int> Choose(PublishedVersion version, Func<CatalogState, IEnumerable<int>> select)
    {
        var state = Await(token => version.Store.ReadCatalogAsync(version.Name, token));
        return [.. select(state).Where(number => Confirm(ArtifactReference.To(version.Name, number).ToString()))];
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
