using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;

namespace ArtifactsPS.Core.Tests.Writer.Crowd;

/// <summary>Checks the whole store while the others change it.</summary>
internal sealed class CheckingMember(FolderObjectStore objects, CrowdTime time, int seed)
    : CrowdMember(objects, time, seed)
{
    protected override async Task<string> DoAsync()
    {
        using var held = await Time.HoldAsync();
        var checker = new StoreChecker(Objects, new TransferProgress());
        await checker.CheckAsync(allBytes: Random.Next(2) == 0, default);
        return checker.Problems.IsEmpty
            ? "checked"
            : throw new InvalidDataException(
                string.Join('\n', checker.Problems.Select(problem => $"{problem.Kind} {problem.Message}"))
            );
    }
}
