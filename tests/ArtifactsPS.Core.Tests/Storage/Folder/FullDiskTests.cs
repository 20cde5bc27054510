using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage.Folder;

/// <summary>A disk that is really full.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int MaxRoom = 512 << 10;

    private readonly SmallDisk _disk = SmallDisk.Mount(16);
    private readonly TemporaryFolder _folder = new();

    private string Store => Path.Combine(_disk.Path, "store");

    public void Dispose()
    {
        _folder.Dispose();
        _disk.Dispose();
    }

    [Theory]
    [InlineData(100)]
    [InlineData(ContentWriter.LargeFileSize)]
    public async Task Full_disk_is_an_error_and_keeps_versions(int fileSize)
    {
        var store = await VersionStore.CreateAsync(new FolderObjectStore(Store), Token);
        await PublishAsync(store, "first", Random(fileSize, 1));
        var before = Snapshot();
        for (var room = 0; room <= MaxRoom; room = room * 2 + 4096)
        {
            var filler = _disk.Fill(room);
            // A file that is larger than the free space, and a small one.
            foreach (var (size, mayFit) in new[] { (room + (1 << 20), false), (10, true) })
            {
                var error = await Record.ExceptionAsync(() => PublishAsync(store, "more", Random(size, room)));
                Assert.True(mayFit && error is null || error is StoreFullException, $"{room} {size}: {error}");
                Assert.Empty(Directory.GetFiles(Path.Combine(Store, "staging")));
                await VerifyAsync("m:v0");
            }
            File.Delete(filler);
        }
        Assert.All(before, file => Assert.Equal(file.Value, Snapshot()[file.Key]));
        // With free space, publishing works again.
        var published = await PublishAsync(store, "more", Random(1 << 20, 7));
        await VerifyAsync(published.Reference);
    }

    [Fact]
    public async Task Full_destination_is_an_error_without_partial_files()
    {
        var store = await VersionStore.CreateAsync(new FolderObjectStore(_folder["store"]), Token);
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("m"), TypeName.Parse("data"), []);
        await draft.AddBytesAsync(EntryPath.Parse("a"), Random(1 << 20, 1), replace: false, Token);
        await draft.AddFileAsync("large", _folder.Write("large", Random(12 << 20, 2)));
        for (var i = 0; i < 6; i++)
            await draft.AddBytesAsync(EntryPath.Parse($"more {i}"), Random(1 << 20, 3 + i), replace: false, Token);
        var version = await draft.PublishAsync();
        var destination = Path.Combine(_disk.Path, "out");
        var error = await Assert.ThrowsAsync<DestinationFullException>(() => RestoreAsync());
        Assert.Equal(destination, error.Target);
        foreach (var file in Directory.GetFiles(destination))
        {
            var entry = await version.Manifest.FindAsync(EntryPath.Parse(Path.GetFileName(file)), Token);
            Assert.Equal(entry!.Digest, Sha256.Of(await File.ReadAllBytesAsync(file, Token)));
        }

        Task RestoreAsync() =>
            new FolderRestorer(
                version,
                destination,
                new RestoreOptions(),
                new RestoreResults(),
                new TransferProgress()
            ).RestoreAsync(Token);
    }

    private async Task<PublishedVersion> PublishAsync(VersionStore store, string path, byte[] bytes)
    {
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("m"), TypeName.Parse("data"), []);
        await draft.AddFileAsync(path, _folder.Write("file", bytes));
        return await draft.PublishAsync();
    }

    private async Task VerifyAsync(string reference)
    {
        var store = await VersionStore.OpenAsync(new FolderObjectStore(Store), Token);
        var version = await store.FindAsync(ArtifactReference.Parse(reference), Token);
        var findings = new ResultList<VerificationFinding>();
        var verifier = new StoredContentVerifier(store.Content, version.Manifest, findings, new TransferProgress());
        await verifier.VerifyAsync(Token);
        Assert.Empty(findings);
    }

    private Dictionary<string, Digest> Snapshot() =>
        Directory
            .GetFiles(Store, "*", SearchOption.AllDirectories)
            .ToDictionary(file => file, file => Sha256.Of(File.ReadAllBytes(file)), StringComparer.Ordinal);

    private static byte[] Random(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
