using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Transfer;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Add, "ArtifactLink", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class AddArtifactLinkCommand : ArtifactCmdlet
{
    private VersionStore? _destination;

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [NameArgumentTransformation]
    [ArgumentCompleter(typeof(CollectionCompleter))]
    public string Collection { get; set; } = "";

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExpectedVersionCompleter))]
    public string? Expect { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public string? Destination { get; set; }

    [Parameter]
    public SwitchParameter Copy { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        var collection = ArtifactName.Parse(Collection);
        List<AliasName> aliases = [.. Alias.Select(AliasName.Parse)];
        var expected = ExpectArgument.Parse(Expect, aliases);
        if (Copy && Destination is null)
            throw new ArtifactLinkInvalidException(
                version.Reference,
                "-Copy is for the store of a collection. Name that store with -Destination, or leave out -Copy"
            );
        if (Destination is not null)
            _destination ??= OpenStore(Destination);
        if (Copy && _destination is { } destination && destination.Id != version.Store.Id)
            LinkCopy(version, destination, collection, aliases, expected);
        else
            Link(version, collection, aliases, expected);
    }

    private void Link(
        PublishedVersion version,
        ArtifactName collection,
        IReadOnlyList<AliasName> aliases,
        AliasExpectation? expected
    )
    {
        var linker = new VersionLinker(version, collection, _destination);
        var place = _destination is null ? "" : $" in {_destination.Location}";
        if (!ShouldProcess(version.Reference, $"Link to {collection}{place}"))
        {
            if (IsWhatIf)
                Await(token => linker.CheckAsync(aliases, expected, token));
            return;
        }
        var run = CurrentRun.Id;
        var link = Await(token => linker.LinkAsync(aliases, expected, run, token));
        if (link.Deduplicated)
            WriteVerbose($"'{link.Reference}' links '{version.Reference}' already: there is no new version.");
        if (link.Unprotected is { } reason)
            WriteWarning(
                $"'{version.Reference}' is not protected from deletion, because its store can't be written: {reason} To have the "
                    + "content here as well, use -Copy."
            );
        WriteVersion(link);
    }

    private void LinkCopy(
        PublishedVersion version,
        VersionStore destination,
        ArtifactName collection,
        IReadOnlyList<AliasName> aliases,
        AliasExpectation? expected
    )
    {
        var progress = new TransferProgress();
        var copier = new VersionCopier(version, destination, collection, progress)
        {
            IsLink = true,
            Expected = expected,
        };
        if (!ShouldProcess(version.Reference, $"Copy to {destination.Location} and link to {collection}"))
        {
            if (IsWhatIf)
                Await(token => copier.CheckAsync(aliases, token));
            return;
        }
        var run = CurrentRun.Id;
        WriteVersion(Await(token => copier.CopyAsync(aliases, run, token), $"Copying {version.Reference}", progress));
    }
}
