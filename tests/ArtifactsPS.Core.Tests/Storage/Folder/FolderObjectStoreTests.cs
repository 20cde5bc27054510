using System.Security.Cryptography;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage.Folder;

public sealed class FolderObjectStoreTests() : ObjectStoreConformance(fixture: null)
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IObjectStore> OpenAsync() =>
        Task.FromResult<IObjectStore>(new FolderObjectStore(_folder["store"]));

    protected override Task CloseAsync()
    {
        using (_folder)
        {
            var staging = _folder["store/staging"];
            Assert.Empty(Directory.Exists(staging) ? Directory.GetFileSystemEntries(staging) : []);
        }
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Key_is_a_read_only_file_of_its_path()
    {
        await CreateAsync("a/b.json", "value");
        var file = new FileInfo(_folder["store/a/b.json"]);
        Assert.Equal("value", await File.ReadAllTextAsync(file.FullName, Token));
        Assert.True(file.IsReadOnly);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(
                UnixFileMode.None,
                file.UnixFileMode & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)
            );
    }

    [Fact]
    public async Task Key_changed_a_moment_ago_has_no_stamp()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has change times that programs can't set.");
        await CreateAsync("a/b.json", "value");
        var store = (IStampedStore)Store;
        Assert.Null(store.StampOf("a/b.json"));
        Assert.Null(store.StampOf("a/"));
        Assert.Null(store.StampOf("a/missing.json"));
    }

    [Fact]
    public void Settled_key_keeps_its_stamp()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has change times that programs can't set.");
        // Built a while ago.
        var built = Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!;
        IStampedStore store = new FolderObjectStore(built);
        var name = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var key = $"{name}/ArtifactsPS.Core.dll";
        Assert.SkipWhen(store.StampOf(key) is null, "The file system's change times can't be relied on.");
        Assert.Equal(store.StampOf(key), store.StampOf(key));
        Assert.NotEqual(store.StampOf(key), store.StampOf($"{name}/ArtifactsPS.Core.Tests.dll"));
    }

    [Fact]
    public async Task Read_failure_of_medium_is_StoreUnavailable()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no file that can be opened and not read.");
        // The root of a store may be a link. Its names are then those of the system.
        var store = new FolderObjectStore("/proc/self");
        await using var stream = (await store.OpenReadAsync("mem", 0, null, Token))!;
        var buffer = new byte[10];
        Assert.Throws<StoreUnavailableException>(() => stream.Read(buffer, 0, 10));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stream.ReadAsync(buffer, 0, 10, Token));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await stream.ReadExactlyAsync(buffer, Token));
    }

    [Fact]
    public async Task Staged_bytes_are_not_listed()
    {
        await CreateAsync("key", "");
        await using var staged = await Store.StageAsync(Token);
        await staged.WriteAsync("more"u8.ToArray(), Token);
        Assert.Equal(["key"], await ListAsync(""));
    }

    [Fact]
    public async Task Objects_are_named_by_their_digests()
    {
        var versions = await VersionStore.CreateAsync(Store, Token);
        await using var draft = ArtifactDraft.Begin(
            versions,
            ArtifactName.Parse("data"),
            TypeName.Parse("dataset"),
            []
        );
        await draft.AddFileAsync("small [1].txt", _folder.Write("small [1].txt", "small"));
        await draft.AddFileAsync(
            "large.bin",
            _folder.Write("large.bin", RandomNumberGenerator.GetBytes(ContentWriter.LargeFileSize))
        );
        await draft.PublishAsync();

        var objects = Directory.GetFiles(_folder["store/objects"], "*", SearchOption.AllDirectories);
        Assert.Equal(2, objects.Length);
        foreach (var file in objects)
        {
            var hex = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file, Token)));
            Assert.Equal(Path.Combine(_folder["store/objects"], hex[..2], hex), file);
            Assert.True(new FileInfo(file).IsReadOnly);
        }
    }

    [Fact]
    public async Task Dropped_draft_leaves_nothing()
    {
        var versions = await VersionStore.CreateAsync(Store, Token);
        await using (
            var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse("data"), TypeName.Parse("dataset"), [])
        )
            for (var i = 0; i < 3; i++)
                await draft.AddBytesAsync(EntryPath.Parse($"{i}"), new byte[1_500_000 + i], false, Token);
        Assert.Equal(["store.json"], await ListAsync(""));
    }

    [Fact]
    public async Task Store_at_a_file_is_unavailable()
    {
        var store = new FolderObjectStore(_folder.Write("file", "not a folder"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            store.TryCreateAsync("key", "value"u8.ToArray(), Token)
        );
        Assert.Equal("not a folder", _folder.Read("file"));
    }
}
