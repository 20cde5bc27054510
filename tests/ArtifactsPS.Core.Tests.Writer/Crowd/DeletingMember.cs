using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Writer.Crowd;

/// <summary>Deletes versions: all but the newest, or one, with aliases now and then.</summary>
internal sealed class DeletingMember(FolderObjectStore objects, CrowdTime time, int seed)
    : CrowdMember(objects, time, seed)
{
    private const int Kept = 4;

    protected override async Task<string> DoAsync()
    {
        using var held = await Time.HoldAsync();
        var name = ChooseName();
        if (await ChooseAsync(name) is not { } version)
            return "nothing to delete";
        try
        {
            if (Random.Next(4) != 0)
            {
                var state = await Store.ReadCatalogAsync(name, default);
                var chosen = VersionEditor.OlderThan(state, Kept);
                await VersionEditor.DeleteOlderAsync(version, Kept, chosen, null, default);
                return "older deleted";
            }
            // One artifact is there always, so that there is something to begin with.
            if (name == CrowdContent.Wide)
                return "nothing to delete";
            await VersionEditor.DeleteAsync(version, evenWithAliases: Random.Next(4) == 0, null, default);
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
