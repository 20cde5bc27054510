using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Drive;

/// <summary>An artifact: its versions, and its aliases.</summary>
internal sealed class ArtifactNode(VersionStore store, CatalogState state) : DriveNode(state.Name.ToString())
{
    public override object ToObject() => new ArtifactSummary(state, store.Location);

    public override Task<DriveNode?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var reference = ArtifactReference.Parse($"{state.Name}:{name}");
            return Task.FromResult<DriveNode?>(
                state.Find(reference) is { } record ? NodeOf(record, name, isAlias: reference.Version is null) : null
            );
        }
        catch (Exception e) when (e is InvalidArtifactNameException or InvalidArtifactAliasException)
        {
            // An invalid version or alias doesn't exist.
            return Task.FromResult<DriveNode?>(null);
        }
    }

#pragma warning disable CS1998 // The catalog has been read.
    public override async IAsyncEnumerable<DriveNode> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
#pragma warning restore CS1998
    {
        foreach (var number in state.VersionNumbers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return NodeOf(state.Find(number)!, FormattableString.Invariant($"v{number}"), isAlias: false);
        }
        // PowerShell would read a backslash as a separator.
        foreach (var alias in state.Aliases.Where(alias => alias.Key.ToString().IndexOf('\\') < 0))
            yield return NodeOf(state.Find(alias.Value)!, alias.Key.ToString(), isAlias: true);
    }

    private VersionNode NodeOf(VersionRecord record, string name, bool isAlias) =>
        new(new PublishedVersion(store, state, record), name, isAlias);
}
