using System.Management.Automation;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Stores;

[Cmdlet(VerbsCommon.New, "ArtifactStore", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactStore))]
public sealed class NewArtifactStoreCommand : StorePlaceCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Location { get; set; } = "";

    [Parameter]
    public StoreCompression Compression { get; set; } = StoreCompression.Zstandard;

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Location, Create);

    private void Create()
    {
        var location = LocationOf(Location);
        if (File.Exists(location))
            throw new StoreUnavailableException(location, "a file is there. Give the path of a folder.");
        if (!Force)
            StoreFolders.CheckMayCreateAt(location);
        if (!ShouldProcess(location, "Create an artifact store"))
            return;
        WriteObject(
            Await(async token =>
            {
                var objects = Stores.OpenObjects(location, NetworkCredential);
                var store = await VersionStore.CreateAsync(objects, Compression, token).ConfigureAwait(false);
                RememberCredential(location);
                return store.SizeWhenCreated is { } size
                    ? Describe(name: null, store, size)
                    : await DescribeAsync(name: null, store, IsFastToCount(location), token).ConfigureAwait(false);
            })
        );
    }
}
