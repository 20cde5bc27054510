using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Stores;

[Cmdlet(VerbsCommon.Get, "ArtifactStore")]
[OutputType(typeof(ArtifactStore))]
public sealed class GetArtifactStoreCommand : StoreInfoCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(StoreCompleter))]
    [NameArgumentTransformation]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Name.Length == 0)
            ForItem(null, WriteAll);
        foreach (var name in Name)
            ForItem(name, () => Write(name));
    }

    private void WriteAll()
    {
        var registered = Registry.List();
        WriteRegistered(registered);
        var location = Stores.LocationOf(null);
        if (registered.Any(store => store.Location == location))
            return;
        try
        {
            WriteObject(Inspect(name: null, location, Counts(location)));
        }
        catch (StoreNotFoundException)
        {
            // The default store is created on first use.
            WriteVerbose($"The default store '{location}' does not exist yet.");
        }
    }

    private void Write(string name)
    {
        // Names don't contain these characters, and brackets in a location are not a wildcard.
        var isLocation = name.IndexOfAny(['/', '\\', ':']) >= 0;
        if (!isLocation && WildcardPattern.ContainsWildcardCharacters(name))
        {
            var pattern = NamePattern.Of(name);
            WriteRegistered(Registry.List().Where(store => pattern.IsMatch(store.Name)));
            return;
        }
        var registered = Registry.Find(name);
        WriteObject(Inspect(registered?.Name, registered?.Location ?? Stores.LocationOf(name), count: true));
    }

    private bool Counts(string location) => Name.Length > 0 || IsFastToCount(location);

    private void WriteRegistered(IEnumerable<RegisteredStore> stores)
    {
        foreach (var store in stores)
            try
            {
                WriteObject(Inspect(store.Name, store.Location, Counts(store.Location)));
            }
            catch (ArtifactsException e)
            {
                // Damaged stores, and those on an unavailable share or disk, are listed too.
                WriteWarning(e.Message);
                WriteObject(
                    new ArtifactStore
                    {
                        Name = store.Name,
                        Location = store.Location,
                        IsDefault = Stores.IsDefault(store.Location),
                    }
                );
            }
    }
}
