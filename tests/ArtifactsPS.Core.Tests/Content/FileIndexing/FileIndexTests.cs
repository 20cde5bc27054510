using ArtifactsPS.Core.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace ArtifactsPS.Core.Tests.Content.FileIndexing;

public sealed class FileIndexTests : IDisposable
{
    private static readonly Digest Content = Sha256.Of("content"u8);
    private static readonly StoredObject Object = new(Sha256.Of("object"u8));
    private static readonly IStoredContent Stored = new StoredContent(Content, new BlobLocation(Object, 7));
    private static readonly FileState State = new(
        Size: 10,
        Modified: 1_000_000_000,
        Changed: 2_000_000_000,
        FileId: 5,
        0
    );

    private readonly TemporaryFolder _folder = new();

    private string File => _folder["sub/files.index"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Unchanged_file_is_found_and_changed_file_is_not()
    {
        await SaveAsync("/a", "/b");
        var index = new FileIndex(File);
        Assert.Equal(Content, index.Find("/a", State)?.Content);
        Assert.Null(index.Find("/c", State));
        // The last one is an edit of the same size with a restored modification time.
        foreach (
            var changed in new[]
            {
                State with
                {
                    Size = 11,
                },
                State with
                {
                    Modified = 3,
                },
                State with
                {
                    FileId = 6,
                },
                State with
                {
                    Changed = 3,
                },
            }
        )
            Assert.Null(index.Find("/a", changed));
    }

    [Fact]
    public async Task Recently_changed_file_is_not_recorded()
    {
        var clock = new FakeTimeProvider();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        var index = new FileIndex(File, clock);
        index.Add("/a", State with { Changed = now }, Stored);
        index.Add("/b", State with { Modified = now }, Stored);
        await index.SaveAsync(keepUnseen: true);
        Assert.False(System.IO.File.Exists(File));

        clock.Advance(TimeSpan.FromMilliseconds(3000));
        index.Add("/a", State with { Changed = now }, Stored);
        await index.SaveAsync(keepUnseen: true);
        Assert.NotNull(new FileIndex(File, clock).Find("/a", State with { Changed = now }));
    }

    [Fact]
    public async Task Files_without_change_time_or_id_are_not_recorded()
    {
        var index = new FileIndex(File);
        index.Add("/a", State with { Changed = 0 }, Stored);
        index.Add("/b", State with { FileId = 0 }, Stored);
        await index.SaveAsync(keepUnseen: true);
        Assert.Null(new FileIndex(File).Find("/a", State));
    }

    [Fact]
    public async Task Unseen_files_are_kept_only_on_request()
    {
        await SaveAsync("/a", "/b");
        var index = new FileIndex(File);
        Assert.Null(index.Find("/c", State));
        index.Add("/c", State, Stored);
        await index.SaveAsync(keepUnseen: true);
        Assert.Equal(3, Count("/a", "/b", "/c"));

        index = new FileIndex(File);
        index.Find("/b", State);
        await index.SaveAsync(keepUnseen: false);
        Assert.Equal(1, Count("/a", "/b", "/c"));
    }

    [Fact]
    public async Task Large_index_is_not_loaded_for_few_files()
    {
        await SaveAsync([.. Enumerable.Range(0, 1000).Select(i => $"/{i}")]);
        var bytes = await System.IO.File.ReadAllBytesAsync(File, Token);
        var index = new FileIndex(File);
        Assert.Null(index.Find("/0", State));
        index.Add("/new", State, Stored);
        await index.SaveAsync(keepUnseen: false);
        Assert.Equal(bytes, await System.IO.File.ReadAllBytesAsync(File, Token));

        // The index is loaded for several files, or for one file larger than the index.
        index = new FileIndex(File);
        Assert.Equal(5, Enumerable.Range(0, 1000).First(i => index.Find($"/{i}", State) is not null) + 1);
        var large = State with { Size = bytes.Length };
        index = new FileIndex(File);
        Assert.Null(index.Find("/large", large));
        index.Add("/large", large, Stored);
        await index.SaveAsync(keepUnseen: true);
        Assert.Equal(Content, new FileIndex(File).Find("/large", large)?.Content);
    }

    [Fact]
    public async Task Damaged_index_is_treated_as_empty()
    {
        await SaveAsync("/a", "/b");
        var bytes = System.IO.File.ReadAllBytes(File);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            _folder.Write("damaged", bytes);
            Assert.Null(new FileIndex(_folder["damaged"]).Find("/a", State));
            bytes[i] ^= 1;
        }
        _folder.Write("cut", bytes[..^1]);
        Assert.Null(new FileIndex(_folder["cut"]).Find("/a", State));
        Assert.Null(new FileIndex(_folder["missing"]).Find("/a", State));
    }

    [Fact]
    public async Task Draft_does_not_read_indexed_file()
    {
        // A file that certainly didn't change in the last seconds.
        var file = typeof(object).Assembly.Location;
        Assert.SkipWhen(FileState.Of(file).Changed == 0, "The system reports no change times.");
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("M", ("lib", "content"));
        var index = new FileIndex(CacheFolder.PathOf("files", store.Versions.Id, "m.index"));
        // The indexed content is wrong, which reveals whether the file was read.
        index.Add(file, FileState.Of(file), Stored);
        await index.SaveAsync(keepUnseen: true);

        await using var draft = store.Begin("m");
        await draft.AddFileAsync("lib", file);
        var entry = await draft.EntriesAsync(EntrySelector.All, Token).SingleAsync(Token);
        Assert.Equal(Content, entry.Digest);

        // A file whose indexed content is in no version must be read again.
        await using var other = store.Begin("other");
        await other.AddFileAsync("lib", file);
        entry = await other.EntriesAsync(EntrySelector.All, Token).SingleAsync(Token);
        Assert.NotEqual(Content, entry.Digest);
    }

    [Fact]
    public async Task Index_records_location_and_whether_base_version_needs_it()
    {
        var version = FileIndexKey.Of("a version");
        var index = new FileIndex(File);
        index.Add("/whole", State, Stored);
        index.Add(
            "/chunked",
            State,
            new StoredContent(Content, new BlobLocation(new StoredObject(Content), 9, BlobEncoding.Chunked, 11))
        );
        index.Add("/being written", State, new StoredContent(Content, new BlobLocation(new PendingPack(), 3)));
        await index.SaveAsync(keepUnseen: true, (version, [Object.Digest]));

        index = new FileIndex(File);
        Assert.Equal((Object.Key, 7, 0, true), Place("/whole"));
        Assert.Equal((StoreLayout.ObjectKey(Content), 9, 11, false), Place("/chunked"));
        Assert.Equal(new KnownFile(Content, null, false), index.Find("/being written", State));
        Assert.Equal(version, index.Basis);

        // Saving without a version keeps the recorded version.
        index.Add("/new", State, new StoredContent(Content, new BlobLocation(new StoredObject(Content), 5)));
        await index.SaveAsync(keepUnseen: true);
        index = new FileIndex(File);
        Assert.Equal((Object.Key, 7, 0, true), Place("/whole"));
        Assert.Equal((StoreLayout.ObjectKey(Content), 5, 0, false), Place("/new"));
        Assert.Equal(version, index.Basis);

        // After saving for another version, only its own objects count as part of it.
        await index.SaveAsync(keepUnseen: true, (FileIndexKey.Of("another"), [Content]));
        index = new FileIndex(File);
        Assert.Equal((Object.Key, 7, 0, false), Place("/whole"));
        Assert.Equal((StoreLayout.ObjectKey(Content), 5, 0, true), Place("/new"));

        (string, long, int, bool) Place(string path)
        {
            var known = index.Find(path, State)!.Value;
            return (
                known.Location!.Value.Object.Key,
                known.Location.Value.Offset,
                known.Location.Value.EncodedLength,
                known.IsInBasis
            );
        }
    }

    [Fact]
    public async Task Written_file_is_recorded_only_if_stable_when_saved()
    {
        var clock = new FakeTimeProvider();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        var index = new FileIndex(File, clock);
        // One file system with nanosecond resolution, one with a coarser resolution, and a file changed just now.
        index.AddWritten("/fine", State with { Changed = now - 1_000_000_000 + 1 }, Stored);
        index.AddWritten("/coarse", State with { Changed = now - 1_000_000_000 }, Stored);
        index.AddWritten("/just now", State with { Changed = now + 1 }, Stored);
        await index.SaveAsync(keepUnseen: true);
        index = new FileIndex(File);
        Assert.NotNull(index.Find("/fine", State with { Changed = now - 1_000_000_000 + 1 }));
        Assert.Null(index.Find("/coarse", State with { Changed = now - 1_000_000_000 }));
        Assert.Null(index.Find("/just now", State with { Changed = now + 1 }));
    }

    private async Task SaveAsync(params string[] paths)
    {
        var index = new FileIndex(File);
        foreach (var path in paths)
            index.Add(path, State, Stored);
        await index.SaveAsync(keepUnseen: true);
    }

    private int Count(params string[] paths)
    {
        var index = new FileIndex(File);
        return paths.Count(path => index.Find(path, State) is not null);
    }

    private sealed record StoredContent(Digest Digest, BlobLocation Location) : IStoredContent;
}
