using System.Management.Automation;
using ArtifactsPS.Core.Catalogs;

namespace ArtifactsPS.Drive;

/// <summary>
/// A drive that shows a store. Its root is its own name, by which paths without a drive lead to it too; the store's location
/// can have what would be taken for separators and wildcards in them.
/// </summary>
#pragma warning disable MA0097 // PSDriveInfo compares; that of stores is nobody's wish.
internal sealed class ArtifactDriveInfo(PSDriveInfo drive, VersionStore store)
#pragma warning restore MA0097
    : PSDriveInfo(drive.Name, drive.Provider, drive.Name, DescriptionOf(drive, store), drive.Credential)
{
    public KnownCatalogs Catalogs { get; } = new(store);

    private static string DescriptionOf(PSDriveInfo drive, VersionStore store) =>
        drive.Description is { Length: > 0 } given ? given : store.Location;
}
