using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Drive;

/// <summary>An artifact: its versions, and its aliases.</summary>
/// <param name="newest">The live version with the highest number.</param>
internal sealed class ArtifactNode(KnownCatalogs catalogs, CatalogState state, VersionRecord newest)
    : DriveNode(state.Name.ToString())
{
    private readonly LinkSearch _links = new(catalogs.Store);

    /// <summary>Creates the node of an artifact.</summary>
    /// <returns>Null if the artifact has no live version.</returns>
    public static async Task<ArtifactNode?> CreateAsync(
        KnownCatalogs catalogs,
        CatalogState state,
        CancellationToken cancellationToken
    ) =>
        await state.FindNewestAsync(cancellationToken).ConfigureAwait(false) is { } newest
            ? new ArtifactNode(catalogs, state, newest)
            : null;

    public override object ToObject() => InDriveView(new ArtifactSummary(state, newest, catalogs.Store.Location));

    public override async Task<DriveNode?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var reference = ArtifactReference.Parse($"{state.Name}:{name}");
            if (await state.FindAsync(reference, cancellationToken).ConfigureAwait(false) is { } record)
                return NodeOf(state, record, name, isAlias: reference.Version is null);
            // The state may be up to a second old. Another process may have published the version since.
            var current = await catalogs.ReadAgainAsync(state.Name, cancellationToken).ConfigureAwait(false);
            return await current.FindAsync(reference, cancellationToken).ConfigureAwait(false) is { } added
                ? NodeOf(current, added, name, isAlias: reference.Version is null)
                : null;
        }
        catch (Exception e) when (e is InvalidArtifactNameException or InvalidArtifactAliasException)
        {
            // An invalid version or alias doesn't exist.
            return null;
        }
    }

    public override async IAsyncEnumerable<DriveNode> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var record in state.ReadVersionsAsync(cancellationToken).ConfigureAwait(false))
            yield return NodeOf(state, record, FormattableString.Invariant($"v{record.Number}"), isAlias: false);
        // PowerShell would read a backslash as a separator.
        foreach (var alias in state.Aliases.Where(alias => alias.Key.ToString().IndexOf('\\') < 0))
        {
            var record = await state.FindAsync(alias.Value, cancellationToken).ConfigureAwait(false);
            yield return NodeOf(state, record!, alias.Key.ToString(), isAlias: true);
        }
    }

    private VersionNode NodeOf(CatalogState of, VersionRecord record, string name, bool isAlias) =>
        new(new PublishedVersion(catalogs.Store, of, record), _links, name, isAlias);
}
