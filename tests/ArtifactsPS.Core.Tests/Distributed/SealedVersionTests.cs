using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Distributed;

/// <summary>A sealed version can be completed or abandoned, whatever was published meanwhile.</summary>
public sealed class SealedVersionTests : DistributedFixture
{
    [Fact]
    public async Task Seal_of_another_type_can_be_abandoned()
    {
        await SealAsync();
        await PublishOtherTypeAsync();

        var error = await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => CompleteAsync());
        Assert.Contains("Remove-DistributedArtifact -Force", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DistributedArtifactLockedException>(AbandonAsync);
        await Log.AbandonAsync(evenIfSealed: true, Token);

        Assert.False((await StateAsync()).Exists);
        Assert.Empty(await Store.Memory.CheckAsync(full: true));
        await using var draft = Store.Begin(Name, "other");
        await draft.AddTextAsync("new.txt", "N");
        await draft.ContributeAsync(Id, "next");
        Assert.Equal(["new.txt"], await (await CompleteAsync()).PathsAsync());
    }

    [Fact]
    public async Task Seal_of_another_type_completes_after_removal()
    {
        await SealAsync();
        await VersionEditor.DeleteAsync(await PublishOtherTypeAsync(), evenIfInUse: false, null, Token);

        Assert.Equal(["a.txt"], await (await CompleteAsync()).PathsAsync());
    }

    [Fact]
    public async Task Completed_version_can_not_be_abandoned()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await CompleteAsync();

        await Assert.ThrowsAsync<DistributedArtifactLockedException>(() => Log.AbandonAsync(evenIfSealed: true, Token));
    }

    [Fact]
    public async Task Abandonment_while_publishing_leaves_valid_log()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        // Right after the seal.
        var abandoning = new ActionOnceStore(
            Store.Memory,
            () => Store.Memory.Keys.Contains("artifacts/results/distributed/group-1/log/000000000002.json"),
            () => Log.AbandonAsync(evenIfSealed: true, Token).GetAwaiter().GetResult()
        );
        var versions = await VersionStore.OpenAsync(abandoning, Token);

        var version = await versions.CompleteAsync(Name, Id);

        Assert.True(abandoning.IsDone);
        Assert.Equal("Results:v0", version.Reference);
        Assert.False((await StateAsync()).Exists);
        Assert.Empty(await Store.Memory.CheckAsync(full: true));
    }

    private DistributedLog Log => new(Versions, ArtifactName.Parse(Name), DistributedId.Parse(Id));

    // Leaves the store as a process that is killed after the seal.
    private async Task SealAsync()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await CompleteAsync();
        await Store.Memory.DeleteAsync("artifacts/results/distributed/group-1/log/000000000003.json", Token);
        await Store.Memory.DeleteAsync("artifacts/results/log/000000000001.json", Token);
        await Store.ReopenAsync();
    }

    private async Task<PublishedVersion> PublishOtherTypeAsync()
    {
        await using var draft = Store.Begin(Name, "other");
        await draft.AddTextAsync("other.txt", "O");
        return await draft.PublishAsync();
    }
}
