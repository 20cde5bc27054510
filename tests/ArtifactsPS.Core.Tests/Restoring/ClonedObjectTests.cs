using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

/// <summary>Restores large files on a file system with reflinks.</summary>
public sealed class ClonedObjectTests : IDisposable
{
    private const int Size = 40 << 20;

    private readonly SmallDisk _disk = SmallDisk.MountXfs();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task Restored_file_shares_the_bytes_of_its_object()
    {
        var (version, bytes) = await PublishAsync();
        var before = FreeSpace;

        Assert.IsType<RestoreResult.Restored>(Assert.Single(await RestoreAsync(version, "restored")));

        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(_disk.Path, "restored", "large.bin"), Token));
        Assert.True(before - FreeSpace < Size / 4);
    }

    [Fact]
    public async Task Checked_object_is_remembered()
    {
        var (version, _) = await PublishAsync();
        await SettledFile.WaitForAsync(ObjectOf(version));
        Assert.False(File.Exists(IndexOf(version)));

        await RestoreAsync(version, "restored");

        Assert.True(File.Exists(IndexOf(version)));
        Assert.IsType<RestoreResult.Restored>(Assert.Single(await RestoreAsync(version, "again")));
    }

    [Fact]
    public async Task Object_damaged_after_its_check_is_not_restored()
    {
        var (version, _) = await PublishAsync();
        await SettledFile.WaitForAsync(ObjectOf(version));
        await RestoreAsync(version, "restored");
        await using (var damaged = File.Open(ObjectOf(version), FileMode.Open, FileAccess.ReadWrite))
        {
            damaged.Position = Size / 2;
            var value = (byte)damaged.ReadByte();
            damaged.Position--;
            damaged.WriteByte((byte)(value + 1));
        }

        var failed = Assert.IsType<RestoreResult.Failed>(Assert.Single(await RestoreAsync(version, "again")));

        Assert.IsType<ObjectCorruptException>(failed.Failure.Exception);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_disk.Path, "again")));
    }

    private long FreeSpace => new DriveInfo(_disk.Path).AvailableFreeSpace;

    private string ObjectOf(PublishedVersion version)
    {
        var digest = version.EntriesAsync(EntrySelector.All, Token).ToBlockingEnumerable(Token).Single().Digest;
        return Path.Combine(_disk.Path, "store", StoreLayout.ObjectKey(digest!.Value));
    }

    private static string IndexOf(PublishedVersion version) =>
        CacheFolder.PathOf(CacheFolder.CheckedObjectsName, version.Store.Id + ".index");

    private async Task<(PublishedVersion Version, byte[] Bytes)> PublishAsync()
    {
        var bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        var file = Path.Combine(_disk.Path, "source.bin");
        await File.WriteAllBytesAsync(file, bytes, Token);
        var store = await VersionStore.CreateAsync(new FolderObjectStore(Path.Combine(_disk.Path, "store")), Token);
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("data"), TypeName.Parse("dataset"), []);
        await draft.AddFileAsync("large.bin", file);
        return (await draft.PublishAsync(), bytes);
    }

    private async Task<ResultList<RestoreResult>> RestoreAsync(PublishedVersion version, string name)
    {
        var results = new ResultList<RestoreResult>();
        var destination = Path.Combine(_disk.Path, name);
        await new FolderRestorer(
            version,
            destination,
            new RestoreOptions(),
            results,
            new TransferProgress()
        ).RestoreAsync(Token);
        return results;
    }
}
