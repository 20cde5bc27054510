using System.Runtime.CompilerServices;
using ArtifactsPS.Catalogs;

namespace ArtifactsPS.Drive;

/// <summary>A drive's root: the artifacts of a store.</summary>
internal sealed class StoreNode(VersionStore store) : DriveNode("")
{
    public override object ToObject() => new ArtifactFolder("", "", store.Location);

    public override async Task<DriveNode?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var state = await store.OpenCatalog(name).ReadAsync(cancellationToken).ConfigureAwait(false);
            return state.IsLive ? new ArtifactNode(store, state) : null;
        }
        catch (InvalidArtifactNameException)
        {
            // What can't be a name is none.
            return null;
        }
    }

    public override async IAsyncEnumerable<DriveNode> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var state in store.ReadCatalogsAsync(_ => true, cancellationToken).ConfigureAwait(false))
            yield return new ArtifactNode(store, state);
    }
}
