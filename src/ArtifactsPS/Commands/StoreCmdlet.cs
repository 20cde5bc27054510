using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands;

/// <summary>A command on artifacts, in the store that is named or the default.</summary>
public abstract class StoreCmdlet : StoreClientCmdlet
{
    private VersionStore? _opened;

    /// <summary>A registered store's name, or a location: a path, or a URI. Left out: the registered default, else
    /// <c>$env:ARTIFACTS_STORE</c>, else a folder of the user's. A version object is looked for in its own store.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public string? Store { get; set; }

    /// <summary>Opens the store that <see cref="Store"/> names, or the default.</summary>
    private protected VersionStore OpenStore() => _opened ??= Await(token => Stores.OpenAsync(Store, token));

    /// <summary>Opens the store that an object says it is from, else that of the command.</summary>
    private protected VersionStore OpenStoreOf(ArtifactArgument argument) =>
        argument.Store is { } location ? Await(token => Stores.OpenAsync(location, token)) : OpenStore();

    /// <summary>Finds the version that an argument means.</summary>
    /// <exception cref="ArtifactNotFoundException">There is no such artifact.</exception>
    /// <exception cref="ArtifactVersionNotFoundException">It has no such version.</exception>
    /// <exception cref="ArtifactNotPublishedException">It is a draft.</exception>
    private protected PublishedVersion Find(ArtifactArgument argument)
    {
        if (argument.Draft is { } draft)
            throw new ArtifactNotPublishedException(draft.Name);
        var reference = ArtifactReference.Parse(argument.Text);
        var store = OpenStoreOf(argument);
        return Await(token => store.FindAsync(reference, token));
    }
}

/// <summary>A draft was given where a published version is needed.</summary>
public sealed class ArtifactNotPublishedException(string name)
    : ArtifactsException(
        $"This is a draft of '{name}', not a published version. Publish-Artifact publishes it; '{name}' as a text means what was published last.",
        name
    )
{
    public override string ErrorId => "ArtifactNotPublished";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
