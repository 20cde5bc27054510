using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;

namespace ArtifactsPS.Core.Tests.Writer.Crowd;

/// <summary>Reads whole versions.</summary>
internal sealed class ReadingMember(FolderObjectStore objects, CrowdTime time, int seed)
    : CrowdMember(objects, time, seed)
{
    protected override async Task<string> ActAsync()
    {
        using var timeLock = await Time.LockSharedAsync();
        if (await ChooseAsync(ChooseName()) is not { } version)
            return "nothing to read";
        try
        {
            var paths = await CrowdContent.ReadAllAsync(version, default);
            if (paths.Count != version.Record.Root.EntryCount)
                throw new InvalidDataException($"{version.Reference} has {paths.Count} files.");
            return "read";
        }
        catch (ObjectMissingException e)
        {
            await CheckDeletedAsync(version, e);
            return "deleted meanwhile";
        }
    }
}
