using System.Collections.Concurrent;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

/// <summary>Restoring a link whose content is in another store.</summary>
public sealed class LinkedRestoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restore_of_link_reads_content_from_source_alone()
    {
        var (source, sourceReads) = await CreateAsync("source", source: null);
        var (registry, registryReads) = await CreateAsync("registry", source);
        await using var draft = ArtifactDraft.Begin(source, ArtifactName.Parse("net"), TypeName.Parse("model"), []);
        await draft.AddTextAsync("a/one", "1");
        await draft.AddTextAsync("b/two", "2");
        var version = await draft.PublishAsync();
        var link = await new VersionLinker(version, ArtifactName.Parse("churn"), registry).LinkAsync(
            [],
            null,
            null,
            Token
        );
        sourceReads.Clear();
        registryReads.Clear();

        var results = new RestoreResults();
        var restorer = new FolderRestorer(link, _folder["out"], new RestoreOptions(), results, new TransferProgress());
        await restorer.RestoreAsync(Token);

        Assert.Empty(results.Failures);
        Assert.Equal("2", await File.ReadAllTextAsync(_folder["out/b/two"], Token));
        Assert.DoesNotContain(registryReads, StoreLayout.IsObject);
        // The page and the two files.
        Assert.Equal(2, sourceReads.Count(StoreLayout.IsObject));
    }

    private static async Task<(VersionStore Store, ConcurrentQueue<string> Reads)> CreateAsync(
        string location,
        VersionStore? source
    )
    {
        var objects = new RemoteStore(new MemoryObjectStore(location));
        var store = await VersionStore.CreateAsync(objects, Token);
        return (source is null ? store : store.WithOtherStores((_, _) => Task.FromResult(source)), objects.Reads);
    }

    private sealed class RemoteStore(IObjectStore inner) : StoreDecorator(inner), IRemoteStore
    {
        public ConcurrentQueue<string> Reads { get; } = new();

        protected override void Reading(string key, long offset, long? length) => Reads.Enqueue(key);
    }
}
