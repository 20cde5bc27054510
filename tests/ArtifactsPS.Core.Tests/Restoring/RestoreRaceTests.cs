using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

/// <summary>Links that are put into the destination while it is being restored to lead nothing out of it.</summary>
public sealed class RestoreRaceTests : IDisposable
{
    private const int Rounds = 12;

    private readonly RestoreFixture _fixture = new();
    private readonly string _outside;

    public RestoreRaceTests()
    {
        _outside = Directory.CreateDirectory(_fixture.Folder["outside/sub"]).Parent!.FullName;
        _fixture.Folder.Write("outside/precious", "kept");
        _fixture.Folder.Write("outside/sub/precious", "kept");
    }

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("dir", false)]
    [InlineData("dir/sub", false)]
    [InlineData("dir", true)]
    [InlineData("dir/sub", true)]
    public async Task Folder_replaced_by_link_is_not_followed(string folder, bool force)
    {
        Links.SkipUnlessSupported();
        await _fixture.PublishAsync("a", "dir/sub/file");
        var store = new ActionOnceStore(
            new FolderObjectStore(_fixture.Folder["store"]),
            () => Directory.Exists(_fixture.Folder["destination/dir/sub"]),
            () => Swap("destination/" + folder)
        );
        var restored = await _fixture.RestoreAsync(await FindAsync(store), new RestoreOptions { Force = force });
        Assert.True(store.IsDone);
        CheckOutside();
        var failure = Assert.Single(restored.Failures);
        Assert.Equal("dir/sub/file", failure.Item);
        var error = Assert.IsType<PathNotRestorableException>(failure.Exception);
        Assert.Contains($"'{folder}' is a link, not a folder", error.Message, StringComparison.Ordinal);
        Assert.Equal("a", _fixture.Folder.Read("destination/a"));
    }

    [Fact]
    public async Task Large_file_stays_in_its_original_folder()
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "Only on Linux are folders held open.");
        await _fixture.PublishAsync();
        var store = new ActionOnceStore(
            new FolderObjectStore(_fixture.Folder["store"]),
            () => Directory.EnumerateFiles(_fixture.Folder.Path, ".artifact-*", SearchOption.AllDirectories).Any(),
            () => Swap("destination")
        );
        var version = await FindAsync(store);
        var large = new RestoreOptions { Selector = EntrySelector.Exactly("large.bin") };
        Assert.Empty((await _fixture.RestoreAsync(version, large)).Failures);
        Assert.True(store.IsDone);
        CheckOutside();
        Assert.Equal(
            _fixture.Folder.Snapshot()["source/large.bin"],
            _fixture.Folder.Snapshot()["destination.aside/large.bin"]
        );
    }

    [Fact]
    public async Task Target_of_link_keeps_its_permissions()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no such bit.");
        var version = await _fixture.PublishAsync();
        var outside = _fixture.Folder.Write("outside/script", "#!/bin/sh\n");
        var before = File.GetUnixFileMode(outside);
        _fixture.Folder.Link("destination/" + RestoreFixture.Script, outside);
        Assert.Empty((await _fixture.RestoreAsync(version, new RestoreOptions { Force = true })).Failures);
        Assert.Equal(before, File.GetUnixFileMode(outside));
        Assert.True(FileState.Of(_fixture.Folder["destination/" + RestoreFixture.Script]).Executable);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Swapping_folder_and_link_writes_nothing_outside(bool clean)
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "Only on Linux are folders held open.");
        var version = await _fixture.PublishAsync([.. Enumerable.Range(0, 300).Select(i => $"dir/sub/{i}")]);
        using var done = new CancellationTokenSource();
        var swapping = Task.Run(() => SwapToAndFro(done.Token), Token);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var extra in Enumerable.Range(0, clean ? 50 : 0))
                TryWrite($"destination/dir/extra {extra}/precious");
            // The restore may fail as a whole or for single entries, because the folders change all the time.
            var error = await Record.ExceptionAsync(() =>
                _fixture.RestoreAsync(version, new RestoreOptions { Clean = clean })
            );
            if (error is not null)
                Assert.True(error is PathNotRestorableException or IOException, error.ToString());
        }
        await done.CancelAsync();
        Assert.True(await swapping > Rounds);
        CheckOutside();
    }

    // As an attacker would who may write to the destination.
    private int SwapToAndFro(CancellationToken cancellationToken)
    {
        var folder = _fixture.Folder["destination/dir"];
        var swaps = 0;
        for (; !cancellationToken.IsCancellationRequested; swaps++)
            if (!Try(Swap))
                Try(RemoveLink);
        return swaps;

        void Swap()
        {
            Directory.Move(folder, folder + ".aside");
            Directory.CreateSymbolicLink(folder, _outside);
            Thread.SpinWait(2000);
            Directory.Delete(folder);
            Directory.Move(folder + ".aside", folder);
        }

        void RemoveLink()
        {
            if (new DirectoryInfo(folder).LinkTarget is not null)
                File.Delete(folder);
        }
    }

    // What the restore did to the folder meanwhile may make any step fail, a link found as a folder too.
    private static bool Try(Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void TryWrite(string path) =>
        Try(() =>
        {
            // Never writes through the folder while it is a link.
            if (new DirectoryInfo(_fixture.Folder["destination/dir"]) is { Exists: true, LinkTarget: null })
                _fixture.Folder.Write(path.Replace("/dir/", "/dir.aside/", StringComparison.Ordinal), "extra");
        });

    private void Swap(string folder)
    {
        Directory.Move(_fixture.Folder[folder], _fixture.Folder[folder + ".aside"]);
        var target = folder.EndsWith("sub", StringComparison.Ordinal) ? Path.Combine(_outside, "sub") : _outside;
        Links.Create(_fixture.Folder[folder], target);
    }

    private static async Task<PublishedVersion> FindAsync(IObjectStore store) =>
        await (await VersionStore.OpenAsync(store, Token)).FindAsync(ArtifactReference.Parse("data"), Token);

    private void CheckOutside() =>
        Assert.Equal(
            ["outside/precious", "outside/sub/precious"],
            _fixture.Folder.Snapshot().Keys.Where(path => path.StartsWith("outside/", StringComparison.Ordinal))
        );
}
