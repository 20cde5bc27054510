namespace ArtifactsPS.Core.Tests.Restoring;

public sealed class ReadOnlyFileTests : IDisposable
{
    private readonly RestoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_only_file_is_replaced(bool force)
    {
        var version = await _fixture.PublishAsync("a", "b");
        var file = _fixture.Folder.Write("destination/a", "other");
        File.SetAttributes(file, FileAttributes.ReadOnly);
        var restored = await _fixture.RestoreAsync(version, new RestoreOptions { Force = force });
        Assert.Empty(restored.Failures);
        Assert.Equal("a", File.ReadAllText(file));
        Assert.Equal((FileAttributes)0, File.GetAttributes(file) & FileAttributes.ReadOnly);
    }

    [Fact]
    public async Task Read_only_files_and_folders_are_cleaned()
    {
        var version = await _fixture.PublishAsync("a", "b");
        var file = _fixture.Folder.Write("destination/sub/extra", "other");
        var folder = Directory.CreateDirectory(_fixture.Folder["destination/empty"]);
        File.SetAttributes(file, FileAttributes.ReadOnly);
        folder.Attributes |= FileAttributes.ReadOnly;
        await _fixture.RestoreAsync(version, new RestoreOptions { Clean = true });
        Assert.Equal(["a", "b"], Directory.GetFileSystemEntries(_fixture.Destination).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Read_only_file_in_place_of_folder_is_replaced()
    {
        var version = await _fixture.PublishAsync("a/b");
        File.SetAttributes(_fixture.Folder.Write("destination/a", "other"), FileAttributes.ReadOnly);
        await _fixture.RestoreAsync(version, new RestoreOptions { Force = true });
        Assert.Equal("a/b", _fixture.Folder.Read("destination/a/b"));
    }
}
