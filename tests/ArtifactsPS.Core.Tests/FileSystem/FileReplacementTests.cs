using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.FileSystem;

public sealed class FileReplacementTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task File_is_created_unless_one_exists(bool isCreatedMeanwhile)
    {
        var isCreated = await FileReplacement.TryCreateAsync(
            _folder["file"],
            async stream =>
            {
                await stream.WriteAsync("second"u8.ToArray(), Token);
                if (isCreatedMeanwhile)
                    _folder.Write("file", "first");
            }
        );
        Assert.Equal(!isCreatedMeanwhile, isCreated);
        Assert.Equal(isCreatedMeanwhile ? "first" : "second", _folder.Read("file"));
        Assert.Equal([_folder["file"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Failed_creation_leaves_no_file()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            FileReplacement.TryCreateAsync(_folder["file"], _ => throw new InvalidDataException())
        );
        var error = await Assert.ThrowsAsync<FolderNotWritableException>(() =>
            FileReplacement.TryCreateAsync(_folder["none/file"], _ => Task.CompletedTask)
        );
        Assert.Equal(_folder["none"], error.Target);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }
}
