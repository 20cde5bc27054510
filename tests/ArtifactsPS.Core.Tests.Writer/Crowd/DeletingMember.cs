using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Writer.Crowd;

/// <summary>Deletes all but the newest versions, or one version, sometimes with aliases.</summary>
internal sealed class DeletingMember(FolderObjectStore objects, CrowdTime time, int seed)
    : CrowdMember(objects, time, seed)
{
    private const int VersionsToKeep = 4;

    protected override async Task<string> ActAsync()
    {
        using var timeLock = await Time.LockSharedAsync();
        var name = ChooseName();
        if (await ChooseAsync(name) is not { } version)
            return "nothing to delete";
        try
        {
            if (Random.Next(4) != 0)
            {
                var state = await Store.ReadCatalogAsync(ArtifactName.Parse(name), default);
                var chosen = await VersionEditor.OlderThanAsync(Store, state, VersionsToKeep, default);
                await VersionEditor.DeleteOlderAsync(version, VersionsToKeep, chosen, null, default);
                return "older deleted";
            }
            // This artifact always has a version, as a base for drafts.
            if (name == CrowdContent.Wide)
                return "nothing to delete";
            await VersionEditor.DeleteAsync(version, evenIfInUse: Random.Next(4) == 0, null, default);
            return "deleted";
        }
        catch (AliasInUseException)
        {
            return "in use";
        }
        catch (Exception e) when (e is ArtifactVersionNotFoundException or ArtifactNotFoundException)
        {
            return "not found";
        }
    }
}
