using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Cleanup;

/// <summary>
/// Processes that are suspended in the middle, while other processes publish and clean up without a grace period. Each
/// version that was committed stays complete.
/// </summary>
public sealed class SuspendedProcessTests : IDisposable
{
    private const string Name = "m";
    private const string Files = "files=a:1,b:2";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("publish")]
    [InlineData("create:intents/")]
    [InlineData("create:artifacts/m/log/")]
    [InlineData("delete:intents/")]
    public async Task Suspended_publisher_fails_or_publishes_complete_version(string point)
    {
        await PrepareAsync();
        using var publisher = WriterProcess.Start("publish", _folder.Path, Name, Files, $"pause={point}");
        await publisher.SuspendAsync();
        for (var i = 0; i < 2; i++)
            await CleanAsync();
        await publisher.ContinueAsync();
        var ending = await publisher.EndAsync();

        Assert.True(
            ending.ExitCode == 0 || ending.Result == nameof(ObjectCleanedUpException),
            $"{ending.ExitCode} {ending.Result} {ending.Errors}"
        );
        await CheckAsync();
        await PublishAsync(Name);
        await CheckAsync();
    }

    [Theory]
    [InlineData("move:objects/")]
    [InlineData("create:trash/")]
    [InlineData("list:trash/")]
    [InlineData("list:intents/")]
    [InlineData("delete:trash/")]
    public async Task Suspended_cleanup_loses_nothing_published_meanwhile(string point)
    {
        await PrepareAsync();
        using var cleaner = WriterProcess.Start("optimize", _folder.Path, Name, "grace=0:00", $"pause={point}");
        await cleaner.SuspendAsync();
        await PublishAsync(Name);
        await CleanAsync();
        await PublishAsync("other");
        await CleanAsync();
        await CheckAsync();
        await cleaner.ContinueAsync();
        (await cleaner.EndAsync()).ShouldSucceed();

        await CheckAsync();
        for (var i = 0; i < 2; i++)
            await CleanAsync();
        await CheckAsync();
        await CheckVersionAsync(Name);
        await CheckVersionAsync("other");
    }

    // A store with unneeded content that the publishers publish again.
    private async Task PrepareAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals that suspend a process.");
        (await WriterProcess.RunAsync("create", _folder.Path, Name, Files)).ShouldSucceed();
        (await WriterProcess.RunAsync("publish", _folder.Path, Name, "files=a:3")).ShouldSucceed();
        (await WriterProcess.RunAsync("delete", _folder.Path, Name, "version=v0")).ShouldSucceed();
    }

    private async Task PublishAsync(string name) =>
        (await WriterProcess.RunAsync("publish", _folder.Path, name, Files)).ShouldSucceed();

    private async Task CleanAsync() =>
        (await WriterProcess.RunAsync("optimize", _folder.Path, Name, "grace=0:00")).ShouldSucceed();

    private async Task CheckAsync()
    {
        var store = new FolderObjectStore(_folder.Path);
        var problems = await store.CheckAsync(full: true);
        Assert.True(problems.Count == 0, string.Join('\n', problems.Select(problem => problem.Message)));
        var versions = await VersionStore.OpenAsync(store, Token);
        await foreach (var state in versions.ReadCatalogsAsync(_ => true, Token))
        foreach (var number in state.VersionNumbers)
            await new PublishedVersion(versions, state, state.Find(number)!).TextsAsync();
    }

    private async Task CheckVersionAsync(string name)
    {
        var versions = await VersionStore.OpenAsync(new FolderObjectStore(_folder.Path), Token);
        var texts = await (await versions.FindAsync(ArtifactReference.Parse(name), Token)).TextsAsync();
        Assert.Equal(("1", "2"), (texts["a"], texts["b"]));
    }
}
