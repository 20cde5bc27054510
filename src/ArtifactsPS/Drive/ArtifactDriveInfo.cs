using System.Management.Automation;
using ArtifactsPS.Core.Catalogs;

namespace ArtifactsPS.Drive;

/// <summary>
/// A drive that shows a store. Its root is its name, so that provider paths identify the drive. The store's location can't
/// be the root, because it may contain separators and wildcards.
/// </summary>
#pragma warning disable MA0097 // PSDriveInfo has comparison operators; drives of stores need none.
internal sealed class ArtifactDriveInfo(PSDriveInfo drive, VersionStore store)
#pragma warning restore MA0097
    : PSDriveInfo(drive.Name, drive.Provider, drive.Name, DescriptionOf(drive, store), drive.Credential)
{
    public KnownCatalogs Catalogs { get; } = new(store);

    private static string DescriptionOf(PSDriveInfo drive, VersionStore store) =>
        drive.Description is { Length: > 0 } given ? given : store.Location;
}
