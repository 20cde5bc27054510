using ArtifactsPS.Core.Tests.Storage.Remote;

namespace ArtifactsPS.Core.Tests.Storage.Caching;

public sealed class SharedS3CacheTests() : SharedCacheTests(Service.S3);

public sealed class SharedAzureCacheTests() : SharedCacheTests(Service.Azure);

/// <summary>Several processes share a cache that is too small for them, and is cleared meanwhile.</summary>
public abstract class SharedCacheTests(Service service) : IDisposable
{
    private const int Readers = 3;
    private const int Rounds = 4;
    private const long Limit = 8 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Restores_beside_evictions_and_clearing_succeed()
    {
        using var remote = await RemoteBuckets.OpenAsync(service);
        var random = new Random(1);
        foreach (
            var (name, size) in new[] { ("a.bin", 9 << 20), ("b.bin", 5 << 20), ("c.bin", 3000), ("d.bin", 11 << 20) }
        )
        {
            var bytes = new byte[size];
            random.NextBytes(bytes);
            Directory.CreateDirectory(_folder["source"]);
            await File.WriteAllBytesAsync(_folder[$"source/{name}"], bytes, Token);
        }
        var store = await VersionStore.CreateAsync(CachingMachine.Over(remote, _folder["cache"], Limit), Token);
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("data"), TypeName.Parse("dataset"), []);
        foreach (var file in Directory.GetFiles(_folder["source"]))
            await draft.AddFileAsync(Path.GetFileName(file), file);
        await draft.PublishAsync();

        using var done = new CancellationTokenSource();
        var clearing = Task.Run(() => Clear(done.Token), Token);
        await Task.WhenAll(
            Enumerable.Range(0, Readers).Select(reader => Task.Run(() => ReadAsync(remote, reader), Token))
        );
        await done.CancelAsync();
        Assert.True(await clearing > 0);
        await RemoteBuckets.EmptyAsync(remote);
    }

    private async Task ReadAsync(IObjectStore remote, int reader)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var store = await VersionStore.OpenAsync(CachingMachine.Over(remote, _folder["cache"], Limit), Token);
            var version = await store.FindAsync(ArtifactReference.Parse("data"), Token);
            var target = _folder[$"restored {reader} {round}"];
            var results = new RestoreResults();
            var restorer = new FolderRestorer(version, target, new RestoreOptions(), results, new TransferProgress());
            await restorer.RestoreAsync(Token);
            Assert.Empty(results.Failures);
            foreach (var file in Directory.GetFiles(_folder["source"]))
                Assert.Equal(
                    FileHash.Of(file, Token),
                    FileHash.Of(Path.Combine(target, Path.GetFileName(file)), Token)
                );
        }
    }

    private int Clear(CancellationToken cancellationToken)
    {
        var cleared = 0;
        while (!cancellationToken.IsCancellationRequested)
            if (Directory.Exists(_folder["cache"]))
                foreach (var file in Directory.GetFiles(_folder["cache"], "*", SearchOption.AllDirectories).Take(7))
                    cleared += CacheFolder.TryDelete(new FileInfo(file)) ? 1 : 0;
        return cleared;
    }
}
