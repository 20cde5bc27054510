using ArtifactsPS.Platform;

namespace ArtifactsPS.Tests;

public sealed class FileIndexTests : IDisposable
{
    private static readonly Digest Content = Sha256.Of("content"u8);
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
    public async Task What_a_file_held_is_remembered_as_long_as_it_is_as_it_was()
    {
        await SaveAsync("/a", "/b");
        var index = new FileIndex(File);
        Assert.Equal(Content, index.Find("/a", State));
        Assert.Null(index.Find("/c", State));
        // The last one is an edit of the same size whose modification time was put back.
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
    public async Task A_file_that_changed_a_moment_ago_is_not_remembered()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        var index = new FileIndex(File);
        index.Add("/a", State with { Changed = now }, Content);
        index.Add("/b", State with { Modified = now }, Content);
        await index.SaveAsync(keepUnseen: true);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Where_the_system_does_not_tell_of_changes_nothing_is_remembered()
    {
        var index = new FileIndex(File);
        index.Add("/a", State with { Changed = 0 }, Content);
        index.Add("/b", State with { FileId = 0 }, Content);
        await index.SaveAsync(keepUnseen: true);
        Assert.Null(new FileIndex(File).Find("/a", State));
    }

    [Fact]
    public async Task Files_that_were_not_seen_are_kept_or_forgotten()
    {
        await SaveAsync("/a", "/b");
        var index = new FileIndex(File);
        Assert.Null(index.Find("/c", State));
        index.Add("/c", State, Content);
        await index.SaveAsync(keepUnseen: true);
        Assert.Equal(3, Count("/a", "/b", "/c"));

        index = new FileIndex(File);
        index.Find("/b", State);
        await index.SaveAsync(keepUnseen: false);
        Assert.Equal(1, Count("/a", "/b", "/c"));
    }

    [Fact]
    public async Task A_large_index_is_not_read_or_written_for_a_few_files()
    {
        await SaveAsync([.. Enumerable.Range(0, 1000).Select(i => $"/{i}")]);
        var bytes = await System.IO.File.ReadAllBytesAsync(File, Token);
        var index = new FileIndex(File);
        Assert.Null(index.Find("/0", State));
        index.Add("/new", State, Content);
        await index.SaveAsync(keepUnseen: false);
        Assert.Equal(bytes, await System.IO.File.ReadAllBytesAsync(File, Token));

        // Enough of them, or one that is larger than the index, are another matter.
        index = new FileIndex(File);
        Assert.Equal(4, Enumerable.Range(0, 1000).First(i => index.Find($"/{i}", State) is not null) + 1);
        var large = State with { Size = bytes.Length };
        index = new FileIndex(File);
        Assert.Null(index.Find("/large", large));
        index.Add("/large", large, Content);
        await index.SaveAsync(keepUnseen: true);
        Assert.Equal(Content, new FileIndex(File).Find("/large", large));
    }

    [Fact]
    public async Task A_damaged_index_knows_nothing()
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
        Assert.Null(new FileIndex(_folder["none"]).Find("/a", State));
    }

    [Fact]
    public async Task A_draft_does_not_read_what_the_index_knows()
    {
        // A file that surely did not change in the last seconds.
        var file = typeof(object).Assembly.Location;
        Assert.SkipWhen(FileState.Of(file).Changed == 0, "The system does not tell when files changed.");
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("M", ("lib", "content"));
        var index = new FileIndex(CacheFolder.PathOf("files", store.Versions.Id, "m.index"));
        // What it knows of the file is wrong, so that it shows whether the file was read.
        index.Add(file, FileState.Of(file), Content);
        await index.SaveAsync(keepUnseen: true);

        await using var draft = store.Begin("m");
        await draft.AddFileAsync("lib", file);
        var entry = await draft.EntriesAsync(EntrySelector.All, Token).SingleAsync(Token);
        Assert.Equal(Content, entry.Digest);

        // Content that no version has any more must be read again.
        await using var other = store.Begin("other");
        await other.AddFileAsync("lib", file);
        entry = await other.EntriesAsync(EntrySelector.All, Token).SingleAsync(Token);
        Assert.NotEqual(Content, entry.Digest);
    }

    private async Task SaveAsync(params string[] paths)
    {
        var index = new FileIndex(File);
        foreach (var path in paths)
            index.Add(path, State, Content);
        await index.SaveAsync(keepUnseen: true);
    }

    private int Count(params string[] paths)
    {
        var index = new FileIndex(File);
        return paths.Count(path => index.Find(path, State) is not null);
    }
}
