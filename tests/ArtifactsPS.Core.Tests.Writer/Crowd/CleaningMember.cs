using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Maintenance.Cleanup;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;

namespace ArtifactsPS.Core.Tests.Writer.Crowd;

/// <summary>Cleans up, mostly beside the others, after hours in which nobody did anything; now and then alone, and then all
/// that nothing needs.</summary>
internal sealed class CleaningMember(FolderObjectStore objects, CrowdTime time, int seed)
    : CrowdMember(objects, time, seed)
{
    protected override async Task<string> DoAsync()
    {
        if (Random.Next(8) == 0)
        {
            using var alone = await Time.BeAloneAsync();
            return await CleanAsync(TimeSpan.Zero, "alone");
        }
        using (await Time.BeAloneAsync())
            CrowdTime.Pass(Objects.Location, CleanupOptions.ShortestSafeGracePeriod + TimeSpan.FromMinutes(1));
        using var held = await Time.HoldAsync();
        return await CleanAsync(CleanupOptions.ShortestSafeGracePeriod, "beside others");
    }

    private async Task<string> CleanAsync(TimeSpan gracePeriod, string how)
    {
        var options = new CleanupOptions { GracePeriod = gracePeriod, RewritesPacks = Random.Next(2) == 0 };
        var optimizer = new StoreOptimizer(Store, options, new TransferProgress());
        long deleted = 0;
        try
        {
            foreach (var planned in await optimizer.PlanAsync(default))
            {
                var done = await optimizer.CleanUpAsync(planned.Kind, default);
                if (done.Kind == StoreCleanupKind.Objects)
                    deleted += done.Count;
            }
        }
        catch (CleanupRunningException)
        {
            return "another is cleaning";
        }
        return $"cleaned {how}{(deleted > 0 ? "" : ", with nothing to do")}";
    }
}
