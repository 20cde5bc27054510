using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Completion;
using ArtifactsPS.Content;
using ArtifactsPS.Transfer;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Commands;

/// <summary>
/// Copies versions to another store, with type, description, metadata and tags. Only what is missing there travels, and it
/// is checked on the way. A copy gets the next number there, and the same digest; content that a version there has already
/// makes none. What was stopped can be run again.
/// </summary>
/// <example>
/// <code>Copy-Artifact mnist:prod ./archive -Alias prod</code>
/// Copies a version, and gives the copy an alias.
/// </example>
/// <example>
/// <code>Copy-Artifact mnist team -AllVersions -KeepAlias</code>
/// Copies all versions, oldest first, to a registered store, each with its aliases.
/// </example>
/// <example>
/// <code>Get-Artifact -Type dataset | Copy-Artifact -Destination ./archive -WhatIf</code>
/// Shows what would be copied if the latest version of each dataset were.
/// </example>
/// <example>
/// <code>Copy-Artifact mnist:candidate ./archive -NewName mnist-candidate</code>
/// Copies a version as one of an artifact of another name.
/// </example>
/// <seealso cref="GetArtifactCommand"/>
/// <seealso cref="NewArtifactStoreCommand"/>
/// <seealso cref="RegisterArtifactStoreCommand"/>
[Cmdlet(VerbsCommon.Copy, "Artifact", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class CopyArtifactCommand : ArtifactCmdlet
{
    private VersionStore _destination = null!;

    /// <summary>The other store: a registered store's name, or a location.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public string Destination { get; set; } = "";

    /// <summary>Aliases that move to the copy, besides <c>latest</c>, which moves to what is new there.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    /// <summary>Moves the aliases that a version has here to the copy, but <c>latest</c>.</summary>
    [Parameter]
    public SwitchParameter KeepAlias { get; set; }

    /// <summary>Copies all versions of the artifact, oldest first.</summary>
    [Parameter]
    public SwitchParameter AllVersions { get; set; }

    /// <summary>What the artifact is called there; the same as here if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            if (NewName is not null)
                Names.CheckName(NewName);
            foreach (var alias in Alias)
                Names.CheckAlias(alias);
            _destination = Await(token => Stores.OpenAsync(Destination, token));
        }
        catch (ArtifactsException e)
        {
            // The same for all that comes down the pipeline.
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
        foreach (var number in state.VersionNumbers.ToList())
        {
            var next = new PublishedVersion(version.Store, state, state.Find(number)!);
            ForItem(next.Reference, () => Copy(next));
        }
    }

    private void Copy(PublishedVersion version)
    {
        var name = NewName ?? version.Name;
        if (
            !ShouldProcess(
                version.Reference,
                $"Copy to {_destination.Location}" + (NewName is null ? "" : $" as {name}")
            )
        )
            return;
        var progress = new TransferProgress();
        var copier = new VersionCopier(version, _destination, name, progress);
        var aliases = KeepAlias
            ? Alias.Concat(version.Aliases.Where(alias => !Names.Comparer.Equals(alias, Names.Latest))).ToList()
            : [.. Alias];
        var run = CurrentRun.Id;
        var copy = Await(token => copier.CopyAsync(aliases, run, token), $"Copying {version.Reference}", progress);
        if (copy.Deduplicated && !SaysTheSame(copy.Record, version.Record))
            WriteWarning(
                $"'{copy.Reference}' has this content already: the description and metadata of '{version.Reference}' were "
                    + $"not copied. Set-Artifact '{copy.Reference}' -Store '{_destination.Location}' changes them."
            );
        WriteObject(new ArtifactVersion(copy));
    }

    private static bool SaysTheSame(VersionRecord one, VersionRecord other) =>
        string.Equals(one.Description, other.Description, StringComparison.Ordinal)
        && JToken.DeepEquals(one.Metadata, other.Metadata);
}
