using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Drive;

/// <summary>A drive's root: the artifacts of a store.</summary>
internal sealed class StoreNode(KnownCatalogs catalogs) : DriveNode("")
{
    public override object ToObject() => new ArtifactFolder("", "", catalogs.Store.Location);

    public override async Task<DriveNode?> FindAsync(string name, CancellationToken cancellationToken)
    {
        // An artifact with an invalid name doesn't exist.
        if (!ArtifactName.TryParse(name, out var artifact))
            return null;
        var state = await catalogs.ReadAsync(artifact, cancellationToken).ConfigureAwait(false);
        return await ArtifactNode.CreateAsync(catalogs, state, cancellationToken).ConfigureAwait(false);
    }

    public override async IAsyncEnumerable<DriveNode> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var state in catalogs.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            if (await ArtifactNode.CreateAsync(catalogs, state, cancellationToken).ConfigureAwait(false) is { } node)
                yield return node;
    }
}
