using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage.Folder;

/// <summary>Who may do what with a store's files is up to the umask of who writes them, and nothing stays writable.</summary>
public sealed class StorePermissionsTests : IDisposable
{
    private const UnixFileMode WriteForOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode AllForOthers =
        WriteForOthers
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("077", AllForOthers)]
    [InlineData("022", WriteForOthers)]
    public async Task Umask_limits_permissions_of_store_files(string umask, UnixFileMode kept)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the folder above decides.");
        var store = _folder["store"];
        await VersionStore.CreateAsync(new FolderObjectStore(store), Token);
        var before = All(store).ToHashSet(StringComparer.Ordinal);
        using var process = WriterProcess.StartUnder(
            ["sh", "-c", $"umask {umask}; exec \"$@\"", "sh"],
            "publish",
            store,
            "results",
            "files=a.txt:A"
        );
        (await process.RunAsync()).ShouldSucceed();
        var made = All(store).Where(path => !before.Contains(path)).ToList();
        Assert.Contains(made, Directory.Exists);
        Assert.All(made, path => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & kept));
        Assert.All(
            made.Where(File.Exists),
            path =>
                Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & (WriteForOthers | UnixFileMode.UserWrite))
        );
    }

    [Fact]
    public async Task Temporary_content_is_readable_by_its_user_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the folder is the user's own.");
        await using var stream = await TemporaryFile.CreateAsync(write => write([1], 1));
        var file = Assert.IsType<FileStream>(stream);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.SafeFileHandle));
    }

    private static IEnumerable<string> All(string folder) =>
        Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories);
}
