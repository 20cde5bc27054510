using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Manifests;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>Damage to local files: the file index, store registrations and chunk lists.</summary>
public sealed class HostileFileTests : IDisposable
{
    private static readonly FileState State = new(5, 1000, 1000, 7, 0);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Damaged_file_index_reads_as_empty()
    {
        var file = _folder["files.index"];
        var index = new FileIndex(file);
        for (var i = 0; i < 20; i++)
            index.Add($"/path/{i}", State, Content(i));
        await index.SaveAsync(keepUnseen: true);
        var good = await File.ReadAllBytesAsync(file, Token);
        Assert.Equal(Content(3).Digest, new FileIndex(file).Find("/path/3", State)?.Content);
        var known = 0;
        for (var seed = 0; seed < 500; seed++)
        {
            _folder.Write("files.index", new Mutator(new Random(seed)).Mutate(good));
            var mutated = new FileIndex(file);
            // The index returns the correct content or nothing.
            if (mutated.Find("/path/3", State) is { } found)
            {
                known++;
                Assert.Equal(Content(3).Digest, found.Content);
            }
            mutated.Add("/path/new", State, Content(1));
        }
        Assert.InRange(known, 0, 50);

        static ManifestEntry Content(int number) => Trees.Entry("path", number);
    }

    [Fact]
    public void Damaged_registration_is_reported_with_its_file()
    {
        var registry = new StoreRegistry(_folder["config"]);
        registry.Add(new RegisteredStore("Team", "/srv/artifacts"), asDefault: true);
        var file = Directory.GetFiles(_folder["config/stores"]).Single();
        var good = File.ReadAllText(file);
        var refused = 0;
        for (var seed = 0; seed < 500; seed++)
        {
            File.WriteAllText(file, new Mutator(new Random(seed)).Mutate(good), new UTF8Encoding(false));
            foreach (var read in new Action[] { () => registry.Find("team"), () => registry.List() })
                if (Record.Exception(read) is { } error)
                {
                    Assert.IsType<StoreRegistrationUnreadableException>(error);
                    Assert.Equal(file, ((ArtifactsException)error).Target);
                    refused++;
                }
        }
        Assert.InRange(refused, 100, 1000);
        registry.Add(new RegisteredStore("team", "/srv/artifacts"), asDefault: false);
        Assert.Equal("/srv/artifacts", registry.Find("TEAM")!.Location);
    }

    [Fact]
    public Task Damaged_chunk_list_is_refused()
    {
        var self = new StoredObject(Sha256.Of("pack"u8));
        var other = new StoredObject(Sha256.Of("other"u8));
        var list = new ChunkList([
            new Blob(Sha256.Of("1"u8), 100, new BlobLocation(self, 0)),
            new Blob(Sha256.Of("2"u8), 200, new BlobLocation(self, 100)),
            new Blob(Sha256.Of("3"u8), 300, new BlobLocation(other, 7)),
        ]);
        var good = Encoding.UTF8.GetString(list.Encode(self).Span);
        return Fuzzing.ForEachAsync(
            1000,
            async random =>
            {
                var bytes = Encoding.UTF8.GetBytes(new Mutator(random).Mutate(good));
                var memory = new MemoryObjectStore { [self.Key] = bytes };
                var location = new BlobLocation(self, 0, BlobEncoding.Chunked, bytes.Length);
                var reader = new ContentReader(memory);
                await reader.ReadChunkListAsync(location, Token);
                await reader.CopyAsync(
                    new Blob(Sha256.Of("whole"u8), 600, location),
                    (_, _) => Task.CompletedTask,
                    Token
                );
            }
        );
    }
}
