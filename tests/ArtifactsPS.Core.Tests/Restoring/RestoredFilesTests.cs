using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

public sealed class RestoredFilesTests : IDisposable
{
    private readonly RestoreFixture _fixture = new();

    private string File => _fixture.Folder["destination/a.txt"];

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Unchanged_file_is_not_read_again()
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "The system does not tell when files changed.");
        var version = await _fixture.PublishAsync();
        var entry = await version.Manifest.FindAsync(EntryPath.Parse("a.txt"), Token);
        // The remembered content is wrong, which reveals whether the file is read.
        _fixture.Folder.Write("destination/a.txt", "TEXT OF A");
        await SettledFile.WaitForAsync(File);
        var remembered = new RestoredFiles(_fixture.Destination);
        remembered.AddRead(entry!, File, FileState.Of(File));
        await remembered.SaveAsync(keepUnseen: true);

        await _fixture.RestoreAsync(version);
        Assert.Equal("TEXT OF A", _fixture.Folder.Read("destination/a.txt"));

        // An edit of the same size with a restored modification time.
        var modified = System.IO.File.GetLastWriteTimeUtc(File);
        _fixture.Folder.Write("destination/a.txt", "text of b");
        System.IO.File.SetLastWriteTimeUtc(File, modified);
        await _fixture.RestoreAsync(version);
        Assert.Equal("text of a", _fixture.Folder.Read("destination/a.txt"));
    }

    [Fact]
    public async Task Restored_and_matching_files_are_indexed()
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "The system does not tell when files changed.");
        var version = await _fixture.PublishAsync();
        var entry = (await version.Manifest.FindAsync(EntryPath.Parse("a.txt"), Token))!;
        await _fixture.RestoreAsync(version);
        await SettledFile.WaitForAsync(File);
        // Too recent to be remembered when it was written, the file is remembered when it is found unchanged.
        await _fixture.RestoreAsync(version);
        Assert.True(IsKnown());

        // Equal content in a new file is not the remembered file.
        System.IO.File.Delete(File);
        _fixture.Folder.Write("destination/a.txt", "text of a");
        Assert.False(IsKnown());

        bool IsKnown() => new RestoredFiles(_fixture.Destination).Matches(entry, File, FileState.Of(File));
    }

    [Fact]
    public async Task Interrupted_restore_saves_its_index()
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
