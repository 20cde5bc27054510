using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

public sealed class RestoredFilesTests : IDisposable
{
    private readonly RestoreFixture _fixture = new();

    private string File => _fixture.Folder["destination/a.txt"];

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_file_that_is_as_it_was_left_is_not_read_and_a_changed_one_is_put_right()
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "The system does not tell when files changed.");
        var version = await _fixture.PublishAsync();
        var entry = await version.Manifest.FindAsync(EntryPath.Parse("a.txt"), Token);
        // What is remembered is wrong, so that it shows whether the file is read.
        _fixture.Folder.Write("destination/a.txt", "TEXT OF A");
        await SettledFile.WaitForAsync(File);
        var remembered = new RestoredFiles(_fixture.Destination);
        remembered.AddRead(entry!, File, FileState.Of(File));
        await remembered.SaveAsync(keepUnseen: true);

        await _fixture.RestoreAsync(version);
        Assert.Equal("TEXT OF A", _fixture.Folder.Read("destination/a.txt"));

        // An edit of the same size, with the time put back.
        var modified = System.IO.File.GetLastWriteTimeUtc(File);
        _fixture.Folder.Write("destination/a.txt", "text of b");
        System.IO.File.SetLastWriteTimeUtc(File, modified);
        await _fixture.RestoreAsync(version);
        Assert.Equal("text of a", _fixture.Folder.Read("destination/a.txt"));
    }

    [Fact]
    public async Task What_a_restore_wrote_is_remembered_and_what_it_found_right()
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "The system does not tell when files changed.");
        var version = await _fixture.PublishAsync();
        var entry = (await version.Manifest.FindAsync(EntryPath.Parse("a.txt"), Token))!;
        await _fixture.RestoreAsync(version);
        await SettledFile.WaitForAsync(File);
        // Saved too early to be remembered as written, it is as found right.
        await _fixture.RestoreAsync(version);
        Assert.True(IsKnown());

        // Another one for that folder: the same content elsewhere is another file.
        System.IO.File.Delete(File);
        _fixture.Folder.Write("destination/a.txt", "text of a");
        Assert.False(IsKnown());

        bool IsKnown() => new RestoredFiles(_fixture.Destination).Matches(entry, File, FileState.Of(File));
    }

    [Fact]
    public async Task A_restore_that_is_stopped_keeps_what_it_has_found()
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "The system does not tell when files changed.");
        var version = await _fixture.PublishAsync();
        var entry = (await version.Manifest.FindAsync(EntryPath.Parse("a.txt"), Token))!;
        await _fixture.RestoreAsync(version);
        await SettledFile.WaitForAsync(_fixture.Folder["destination/large.bin"]);
        await _fixture.RestoreAsync(version);
        await _fixture.RestoreAsync(version, new RestoreOptions { Selector = EntrySelector.Exactly("large.bin") });
        Assert.True(new RestoredFiles(_fixture.Destination).Matches(entry, File, FileState.Of(File)));
    }
}
