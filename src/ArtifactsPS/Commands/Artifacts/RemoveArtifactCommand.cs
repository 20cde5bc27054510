using System.Management.Automation;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Remove, "Artifact", DefaultParameterSetName = "Version", SupportsShouldProcess = true)]
public sealed class RemoveArtifactCommand : ArtifactCmdlet
{
    [Parameter(ParameterSetName = "AllVersions", Mandatory = true)]
    public SwitchParameter AllVersions { get; set; }

    [Parameter(ParameterSetName = "KeepLast", Mandatory = true)]
    [ValidateRange(1, int.MaxValue)]
    public int KeepLast { get; set; }

    [Parameter(ParameterSetName = "Version")]
    [Parameter(ParameterSetName = "AllVersions")]
    public SwitchParameter Force { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        if (KeepLast > 0)
        {
            RemoveOlder(version);
            return;
        }
        var target = AllVersions ? $"all versions of {version.Name}" : version.Reference;
        if (!Confirm(target))
            return;
        var run = CurrentRun.Id;
        var deleted = Await(token =>
            AllVersions
                ? VersionEditor.DeleteAllAsync(version, Force, run, token)
                : VersionEditor.DeleteAsync(version, Force, run, token)
        );
        foreach (var (reference, aliases) in deleted)
            WriteDeleted(reference, aliases);
    }

    private bool Confirm(string target) =>
        ShouldProcess(
            $"Performing the operation \"Delete\" on target \"{target}\".",
            $"Delete {target}? Restore-Artifact brings a version back until a clean-up has purged its content.",
            "Confirm"
        );

    private void WriteDeleted(string reference, IReadOnlyList<AliasName> aliases) =>
        WriteVerbose(
            $"Deleted {reference}{(aliases.Count > 0 ? $" and its aliases {string.Join(", ", aliases)}" : "")}. "
                + "Restore-Artifact brings it back until a clean-up has purged its content."
        );

    private void RemoveOlder(PublishedVersion version)
    {
        var state = Await(token => version.Store.ReadCatalogAsync(version.Name, token));
        var chosen = VersionEditor
            .OlderThan(state, KeepLast)
            .Where(number => Confirm(ArtifactReference.To(version.Name, number).ToString()))
            .ToList();
        if (chosen.Count == 0)
            return;
        var run = CurrentRun.Id;
        foreach (var reference in Await(token => VersionEditor.DeleteOlderAsync(version, KeepLast, chosen, run, token)))
            WriteDeleted(reference, []);
    }
}
