using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Maintenance.Cleanup;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;

namespace ArtifactsPS.Core.Tests.Writer.Crowd;

/// <summary>Cleans up after hours without activity, mostly beside the other members. Sometimes it runs alone, without a grace
/// period.</summary>
internal sealed class CleaningMember(FolderObjectStore objects, CrowdTime time, int seed)
    : CrowdMember(objects, time, seed)
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromHours(2);

    protected override async Task<string> ActAsync()
    {
        if (Random.Next(8) == 0)
        {
            using var exclusive = await Time.LockExclusiveAsync();
            return await CleanAsync(TimeSpan.Zero, "alone");
        }
        using (await Time.LockExclusiveAsync())
            CrowdTime.Pass(Objects.Location, GracePeriod + TimeSpan.FromMinutes(1));
        using var timeLock = await Time.LockSharedAsync();
        return await CleanAsync(GracePeriod, "beside others");
    }

    private async Task<string> CleanAsync(TimeSpan gracePeriod, string how)
    {
        var options = new CleanupOptions
        {
            GracePeriod = gracePeriod,
            RewritesPacks = Random.Next(2) == 0,
            IsForced = true,
        };
        var optimizer = new StoreOptimizer(Store, options, new TransferProgress());
        long deleted = 0;
        foreach (var planned in await optimizer.PlanAsync(default))
        {
            var done = await optimizer.CleanUpAsync(planned.Kind, default);
            if (done.Kind == StoreCleanupKind.CondemnedObjects)
                deleted += done.Count;
        }
        return $"cleaned {how}{(deleted > 0 ? "" : ", with nothing to do")}";
    }
}
