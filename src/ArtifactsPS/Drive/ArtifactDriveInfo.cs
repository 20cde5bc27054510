using System.Management.Automation;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Drive;

/// <summary>
/// A drive that shows a store. Its root identifies the store, so that a provider path means the same store in every drive.
/// </summary>
#pragma warning disable MA0097 // PSDriveInfo has comparison operators; drives of stores need none.
internal sealed class ArtifactDriveInfo(PSDriveInfo drive, VersionStore store)
#pragma warning restore MA0097
    : PSDriveInfo(
        drive.Name,
        drive.Provider,
        ItemPath.RootOf(store.Location),
        DescriptionOf(drive, store),
        drive.Credential
    )
{
    public KnownCatalogs Catalogs { get; } = KnownCatalogs.Of(store);

    private static string DescriptionOf(PSDriveInfo drive, VersionStore store) =>
        drive.Description is { Length: > 0 } given ? given : store.Location;
}
