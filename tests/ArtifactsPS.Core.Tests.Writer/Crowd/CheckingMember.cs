using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;

namespace ArtifactsPS.Core.Tests.Writer.Crowd;

/// <summary>Checks the whole store while other members change it.</summary>
internal sealed class CheckingMember(FolderObjectStore objects, CrowdTime time, int seed)
    : CrowdMember(objects, time, seed)
{
    protected override async Task<string> ActAsync()
    {
        using var timeLock = await Time.LockSharedAsync();
        var problems = new ResultList<StoreProblem>();
        var checker = new StoreChecker(Objects, problems, new TransferProgress());
        await checker.CheckAsync(allBytes: Random.Next(2) == 0, default);
        return problems.Count == 0
            ? "checked"
            : throw new InvalidDataException(
                string.Join('\n', problems.Select(problem => $"{problem.Kind} {problem.Message}"))
            );
    }
}
