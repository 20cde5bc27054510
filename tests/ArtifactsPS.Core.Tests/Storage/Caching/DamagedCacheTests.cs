using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage.Caching;

/// <summary>Blocks that were cached while an object of the store was damaged. The object has been repaired since.</summary>
public sealed class DamagedCacheTests : IDisposable
{
    private const int Length = (16 << 20) + 1000;

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryObjectStore _memory = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Repaired_object_is_read_from_the_store(bool isTruncated)
    {
        var (machine, version, bytes) = await PublishAsync();
        using var _ = machine;
        var key = await DamageAsync(machine, version, isTruncated, bytes);
        var store = await machine.OpenAsync();
        var again = await store.FindAsync(ArtifactReference.Parse("data"), Token);
        var restored = _folder["restored"];
        var results = new RestoreResults();
        var restorer = new FolderRestorer(again, restored, new RestoreOptions(), results, new TransferProgress());
        await restorer.RestoreAsync(Token);
        Assert.Empty(results.Failures);
        Assert.Equal(
            Sha256.Of(bytes),
            Sha256.Of(await File.ReadAllBytesAsync(Path.Combine(restored, "large.bin"), Token))
        );

        // The damaged blocks have been dropped. The next read is cached again.
        var entry = await again.Manifest.FindAsync(EntryPath.Parse("large.bin"), Token);
        Assert.Equal(bytes, await new ContentReader(store.Objects).ReadAsync(entry!.Blob, Token));
        _memory[key] = [];
        Assert.Equal(bytes, await new ContentReader(store.Objects).ReadAsync(entry.Blob, Token));
    }

    [Fact]
    public async Task Damage_of_the_store_itself_is_reported()
    {
        var (machine, version, bytes) = await PublishAsync();
        using var _ = machine;
        var key = await DamageAsync(machine, version, isTruncated: false, bytes);
        _memory[key] = Flipped(bytes);
        var store = await machine.OpenAsync();
        var entry = await version.Manifest.FindAsync(EntryPath.Parse("large.bin"), Token);
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() => store.Content.ReadAsync(entry!.Blob, Token));
        Assert.Equal(key, error.Target);
    }

    [Fact]
    public async Task Verification_reads_from_the_store()
    {
        var (machine, version, _) = await PublishAsync();
        using var cached = machine;
        var store = await machine.OpenAsync();
        var found = await store.FindAsync(ArtifactReference.Parse("data"), Token);
        Assert.Empty(await VerifyAsync(found));
        foreach (var key in _memory.Keys.Where(StoreLayout.IsObject).ToList())
            if (key != version.Record.StoredRoot!.Location.Object.Key)
                await _memory.DeleteAsync(key, Token);
        Assert.NotEmpty(await VerifyAsync(found));
    }

    private static async Task<IReadOnlyCollection<VerificationFinding>> VerifyAsync(PublishedVersion version)
    {
        var findings = new ResultList<VerificationFinding>();
        var verifier = await StoredContentVerifier.OfAsync(version, findings, new TransferProgress(), Token);
        await verifier.VerifyAsync(Token);
        return findings;
    }

    private static byte[] Flipped(byte[] bytes)
    {
        var flipped = bytes.ToArray();
        flipped[flipped.Length / 2] ^= 1;
        return flipped;
    }

    // Reads the damaged object through the cache of the machine, and then repairs it.
    private async Task<string> DamageAsync(
        CachingMachine machine,
        PublishedVersion version,
        bool isTruncated,
        byte[] bytes
    )
    {
        var entry = await version.Manifest.FindAsync(EntryPath.Parse("large.bin"), Token);
        var key = entry!.Blob.Location.Object.Key;
        _memory[key] = isTruncated ? bytes[..(bytes.Length / 2)] : Flipped(bytes);
        await using (var stream = await CachingMachine.Over(_memory, machine.Cache).OpenReadAsync(key, 0, null, Token))
            await stream!.CopyToAsync(Stream.Null, Token);
        _memory[key] = bytes;
        return key;
    }

    private async Task<(CachingMachine Machine, PublishedVersion Version, byte[] Bytes)> PublishAsync()
    {
        var bytes = new byte[Length];
        new Random(1).NextBytes(bytes);
        var store = await VersionStore.CreateAsync(_memory, Token);
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("data"), TypeName.Parse("dataset"), []);
        await draft.AddFileAsync("large.bin", _folder.Write("source/large.bin", bytes));
        await draft.AddTextAsync("small.txt", "small");
        return (new CachingMachine(_memory), await draft.PublishAsync(), bytes);
    }
}
