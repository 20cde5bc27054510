using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands;

/// <summary>Base of cmdlets that work on the artifacts of a store: the named one or the default.</summary>
public abstract class StoreCmdlet : StoreClientCmdlet
{
    private VersionStore? _opened;
    private VersionStore? _store;
    private ArtifactName? _name;
    private CatalogState? _catalog;

    /// <summary>Name of a registered store, or a location: a path or a URI. Defaults to the registered default store, then
    /// <c>$env:ARTIFACTS_STORE</c>, then a folder of the user. Version objects are found in their own store.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public string? Store { get; set; }

    /// <summary>Opens the store that <see cref="Store"/> names, or the default.</summary>
    private protected VersionStore OpenStore() => _opened ??= OpenStore(Store);

    /// <summary>Opens the store of a version object; for other arguments, the store of the command.</summary>
    private protected VersionStore OpenStoreOf(ArtifactArgument argument) =>
        argument.Store is { } location ? OpenStore(location) : OpenStore();

    /// <summary>Finds the version that an argument refers to.</summary>
    /// <exception cref="ArtifactNotFoundException">The artifact does not exist.</exception>
    /// <exception cref="ArtifactVersionNotFoundException">The version does not exist.</exception>
    /// <exception cref="ArtifactNotPublishedException">The argument is a draft.</exception>
    private protected PublishedVersion Find(ArtifactArgument argument)
    {
        CheckIsPublished(argument);
        var reference = ArtifactReference.Parse(argument.Text);
        var store = OpenStoreOf(argument);
        return Await(token => store.FindAsync(reference, token));
    }

    /// <summary>Finds the version that an argument refers to. A version given by its number may be taken from a catalog that this
    /// command has read before: for commands that decide again on the newest catalog.</summary>
    /// <inheritdoc cref="Find"/>
    private protected PublishedVersion FindOnce(ArtifactArgument argument)
    {
        CheckIsPublished(argument);
        var reference = ArtifactReference.Parse(argument.Text);
        if (reference.Version is not { } number)
            return Find(argument);
        var store = OpenStoreOf(argument);
        if (_store != store || _name != reference.Name)
            (_store, _name, _catalog) = (
                store,
                reference.Name,
                Await(token => store.ReadCatalogAsync(reference.Name, token))
            );
        var catalog = _catalog!;
        return catalog.Contains(number) ? Await(token => store.FindAsync(catalog, reference, token)) : Find(argument);
    }

    /// <summary>Whether an argument refers to a version by its number.</summary>
    private protected static bool IsByNumber(ArtifactArgument argument) =>
        ArtifactReference.Parse(argument.Text).Version is not null;

    /// <exception cref="ArtifactNotPublishedException">The argument is a draft.</exception>
    private protected static void CheckIsPublished(ArtifactArgument argument)
    {
        if (argument.IsDraft)
            throw new ArtifactNotPublishedException(ArtifactName.Parse(argument.Text));
    }
}

/// <summary>A draft was given instead of a published version.</summary>
public sealed class ArtifactNotPublishedException(ArtifactName name)
    : ArtifactsException(
        $"A draft of '{name}' was given, but a published version is needed. Publish it with Publish-Artifact, or give the text '{name}' for the latest version.",
        name.ToString()
    )
{
    public override string ErrorId => "ArtifactNotPublished";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
