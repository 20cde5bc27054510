using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Cleanup;

/// <summary>
/// Processes that are suspended or interrupted in the middle, or whose clocks are wrong, while other processes publish and clean up without a grace period. Each
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

    [Theory]
    [InlineData("move:objects/")]
    [InlineData("delete:trash/")]
    public async Task Interrupted_cleanup_loses_nothing_published_afterwards(string point)
    {
        var store = await FillAsync();
        using var cleaner = WriterProcess.Start("optimize", _folder.Path, Name, "grace=0:00", $"pause={point}");
        await cleaner.InterruptAsync();
        var ending = await cleaner.EndAsync();
        Assert.True(ending.ExitCode is 0 or 4, $"{ending.ExitCode} {ending.Result} {ending.Errors}");

        await PublishAsync(store, ("a", "1"), ("b", "2"));
        for (var i = 0; i < 2; i++)
            await UntidyStore.CleanAsync(store.Objects, rewritesPacks: false, TimeSpan.Zero);
        await CheckAsync();
        await CheckVersionAsync(Name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Wrong_clocks_of_writer_and_cleaner_lose_nothing(int hours)
    {
        var store = await FillAsync();
        using var clock = await ShiftedClock.CreateAsync();
        var (writer, cleaner) = (clock.Launcher(TimeSpan.FromHours(hours)), clock.Launcher(TimeSpan.FromHours(-hours)));

        // By the store's clock, the unneeded content is seconds old, then 45 minutes.
        var before = FilesIn("objects");
        await RunAsync(cleaner, "optimize", "grace=0:30");
        Assert.Equal(before, FilesIn("objects"));
        UntidyStore.Age(_folder.Path, TimeSpan.FromMinutes(45));
        await RunAsync(cleaner, "optimize", "grace=0:30");
        Assert.NotEmpty(FilesIn("trash"));

        // The writer brings it back.
        await RunAsync(writer, "publish", Files);
        var published = await store.FindAsync(ArtifactReference.Parse(Name), Token);
        Assert.Equal(hours, Math.Round((published.Record.CreatedAt - DateTimeOffset.UtcNow).TotalHours));
        await RunAsync(cleaner, "optimize", "grace=0:00");
        await CheckAsync();
        await CheckVersionAsync(Name);
    }

    // As PrepareAsync, in this process.
    private async Task<VersionStore> FillAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to single processes.");
        var store = await VersionStore.CreateAsync(new FolderObjectStore(_folder.Path), Token);
        var unneeded = await PublishAsync(store, ("a", "1"), ("b", "2"));
        await PublishAsync(store, ("a", "3"));
        await VersionEditor.DeleteAsync(unneeded, evenIfInUse: false, null, Token);
        return store;
    }

    private static async Task<PublishedVersion> PublishAsync(
        VersionStore store,
        params (string Path, string Text)[] files
    )
    {
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse(Name), TypeName.Parse("data"), []);
        foreach (var (path, text) in files)
            await draft.AddTextAsync(path, text);
        return await draft.PublishAsync();
    }

    private List<string> FilesIn(string folder) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(_folder.Path, folder), "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal),
        ];

    private async Task RunAsync(string[] launcher, string command, params string[] arguments)
    {
        using var process = WriterProcess.StartUnder(launcher, command, _folder.Path, Name, arguments);
        (await process.RunAsync()).ShouldSucceed();
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
