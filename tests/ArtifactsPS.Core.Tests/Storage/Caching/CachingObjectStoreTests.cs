using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage.Caching;

public sealed class CachingObjectStoreTests() : ObjectStoreConformance(fixture: null)
{
    private const int Block = BlockCache.BlockSize;

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryObjectStore _memory = new();
    private RemoteTestStore _far = null!;
    private CachingObjectStore _store = null!;

    protected override Task<IObjectStore> OpenAsync()
    {
        _far = new RemoteTestStore(_memory);
        _store = Over(limit: 1 << 30);
        return Task.FromResult<IObjectStore>(_store);
    }

    protected override Task CloseAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Cached_object_is_not_requested_again()
    {
        var (key, bytes) = Put(3 * Block + 1000);
        Assert.Equal(bytes, await ReadAsync(key, 0, null));
        Assert.Equal([(0L, (long?)null)], _far.Reads);
        _far.Reads.Clear();
        Assert.Equal(bytes, await ReadAsync(key, 0, null));
        foreach (var (offset, length) in new (int, int)[] { (0, 10), (5, Block), (Block - 1, 2), (3 * Block, 1000) })
            Assert.Equal(bytes.Skip(offset).Take(length), await ReadAsync(key, offset, length));
        Assert.Empty(_far.Reads);
    }

    [Fact]
    public async Task End_of_object_is_asked_of_the_store()
    {
        var (key, bytes) = Put(Block + 1000);
        await ReadAsync(key, 0, null);
        _far.Reads.Clear();
        Assert.Equal(bytes.Skip(Block), await ReadAsync(key, Block, 2000));
        Assert.Empty(await ReadAsync(key, Block + 1000, 10));
        Assert.Equal(2, _far.Reads.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Block_removed_during_a_read_is_fetched_again(bool isRemoved)
    {
        var (key, bytes) = Put(6 * Block);
        await ReadAsync(key, 3 * Block, 2 * Block);
        var blocks = BlockFiles();
        Assert.Equal(2, blocks.Length);
        await using var stream = await _store.OpenReadAsync(key, 0, bytes.Length, Token);
        var read = new byte[bytes.Length];
        await stream!.ReadExactlyAsync(read.AsMemory(0, 10), Token);
        // The request for the first blocks ends before these two.
        foreach (var block in blocks)
            if (isRemoved)
                File.Delete(block);
            else
                await File.WriteAllBytesAsync(block, [], Token);
        await stream.ReadExactlyAsync(read.AsMemory(10), Token);
        Assert.Equal(bytes, read);
    }

    [Fact]
    public async Task Lower_limit_shrinks_the_cache_when_it_is_opened()
    {
        await ReadAsync(Put(8 * Block).Key, 0, null);
        new CachedFiles(_folder["cache"], 4 * Block).ApplyLimit();
        Assert.InRange(BlockFiles().Sum(file => new FileInfo(file).Length), Block, 4 * Block);
        new CachedFiles(_folder["cache"], 0).ApplyLimit();
        Assert.Empty(BlockFiles());
    }

    [Fact]
    public async Task Consecutive_missing_blocks_take_one_request()
    {
        var (key, bytes) = Put(10 * Block);
        Assert.Equal(bytes.Skip(4 * Block + 7).Take(9), await ReadAsync(key, 4 * Block + 7, 9));
        Assert.Equal([(4L * Block, (long?)Block)], _far.Reads);
        _far.Reads.Clear();
        Assert.Equal(bytes.Skip(Block + 1).Take(6 * Block), await ReadAsync(key, Block + 1, 6 * Block));
        Assert.Equal([(1L * Block, (long?)3 * Block), (5L * Block, (long?)3 * Block)], _far.Reads);
        _far.Reads.Clear();
        Assert.Equal(bytes, await ReadAsync(key, 0, null));
        Assert.Equal([(0L, (long?)Block), (8L * Block, null)], _far.Reads);
    }

    [Fact]
    public async Task Object_ending_at_block_boundary_ends_there()
    {
        var (key, bytes) = Put(2 * Block);
        Assert.Equal(bytes, await ReadAsync(key, 0, null));
        Assert.Equal(bytes.Skip(Block), await ReadAsync(key, Block, 3 * Block));
        Assert.Empty(await ReadAsync(key, 2 * Block, 10));
    }

    [Fact]
    public async Task Damaged_block_is_fetched_again()
    {
        var (key, bytes) = Put(Block + 1);
        await ReadAsync(key, 0, null);
        foreach (var file in BlockFiles())
        {
            var stored = await File.ReadAllBytesAsync(file, Token);
            foreach (var at in new[] { 0, stored.Length / 2, stored.Length - 1 })
            {
                stored[at] ^= 1;
                await File.WriteAllBytesAsync(file, stored, Token);
                Assert.Equal(bytes, await ReadAsync(key, 0, null));
                Assert.NotEmpty(_far.Reads);
                stored[at] ^= 1;
                _far.Reads.Clear();
                Assert.Equal(bytes, await ReadAsync(key, 0, null));
                Assert.Empty(_far.Reads);
            }
            await File.WriteAllBytesAsync(file, stored[..7], Token);
            Assert.Equal(bytes, await ReadAsync(key, 0, null));
        }
    }

    [Fact]
    public async Task Concurrent_readers_fetch_a_block_once()
    {
        var (key, bytes) = Put(Block);
        var all = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => Task.Run(() => ReadAsync(key, i * 100, 100), Token))
        );
        Assert.Equal(bytes.Take(2000), all.SelectMany(part => part));
        Assert.Single(_far.Reads);
    }

    [Fact]
    public async Task Stored_object_is_cached()
    {
        var (digest, bytes) = Content(2 * Block + 5);
        var key = StoreLayout.ObjectKey(digest);
        await using (var staged = await _store.StageAsync(Token))
        {
            await staged.WriteAsync(bytes.AsMemory(0, Block + 1), Token);
            await staged.WriteAsync(bytes.AsMemory(Block + 1), Token);
            Assert.True(await staged.CommitAsync(key, Token));
        }
        Assert.Equal(bytes, await ReadAsync(key, 0, null));

        var (uploaded, more) = Content(Block + 9);
        using var source = new MemoryStream(more);
        Assert.True(await _store.UploadAsync(StoreLayout.ObjectKey(uploaded), source.ReadAsync, Token));
        Assert.Equal(more, await ReadAsync(StoreLayout.ObjectKey(uploaded), 0, more.Length));
        Assert.Empty(_far.Reads);
    }

    [Fact]
    public async Task Uncommitted_object_leaves_no_blocks()
    {
        await using (var staged = await _store.StageAsync(Token))
            await staged.WriteAsync(new byte[2 * Block], Token);
        var key = StoreLayout.ObjectKey(Sha256.Of("other"u8));
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            _store.UploadAsync(
                key,
                (buffer, _) =>
                    buffer.Length > 0 && _far.Uploaded++ > 2 ? throw new InvalidDataException() : new(buffer.Length),
                Token
            )
        );
        Assert.Empty(BlockFiles());
        Assert.False(await _store.ExistsAsync(key, Token));
    }

    [Fact]
    public async Task Existence_is_asked_of_the_store()
    {
        var (key, _) = Put(100);
        await ReadAsync(key, 0, null);
        Assert.True(await _store.ExistsAsync(key, Token));
        await _memory.DeleteAsync(key, Token);
        Assert.False(await _store.ExistsAsync(key, Token));
    }

    [Fact]
    public async Task Deleted_object_leaves_the_cache()
    {
        var (key, _) = Put(100);
        await ReadAsync(key, 0, null);
        Assert.True(await _store.DeleteAsync(key, Token));
        Assert.Null(await _store.OpenReadAsync(key, 0, null, Token));
    }

    [Fact]
    public async Task Full_cache_removes_least_recently_used_blocks()
    {
        _store = Over(limit: 6 * Block);
        var keys = Enumerable.Range(0, 5).Select(_ => Put(Block - 16).Key).ToList();
        foreach (var key in keys)
        {
            await ReadAsync(key, 0, null);
            // As if each had been read an hour after the one before.
            foreach (var file in BlockFiles())
                File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddHours(-1));
        }
        // The oldest is used again.
        await ReadAsync(keys[0], 0, null);
        _far.Reads.Clear();
        await ReadAsync(Put(Block - 16).Key, 0, null);
        await ReadAsync(Put(Block - 16).Key, 0, null);
        Assert.InRange(BlockFiles().Sum(file => new FileInfo(file).Length), 4 * Block, 6 * Block);
        _far.Reads.Clear();
        await ReadAsync(keys[0], 0, null);
        await ReadAsync(keys[4], 0, null);
        Assert.Empty(_far.Reads);
        await ReadAsync(keys[1], 0, null);
        Assert.Single(_far.Reads);
    }

    [Fact]
    public async Task Stored_object_above_quarter_of_limit_is_not_cached()
    {
        _store = Over(limit: 8 * Block);
        await using var staged = await _store.StageAsync(Token);
        for (var i = 0; i < 4; i++)
            await staged.WriteAsync(new byte[Block], Token);
        await staged.CommitAsync(StoreLayout.ObjectKey(Sha256.Of(new byte[4 * Block])), Token);
        Assert.Empty(BlockFiles());
    }

    [Fact]
    public async Task Unwritable_cache_reads_from_the_store()
    {
        _folder.Write("no folder", "a file");
        _store = new CachingObjectStore(_far, new BlockCache(new CachedFiles(_folder["no folder"], 1 << 30)));
        var (key, bytes) = Put(2 * Block + 1);
        for (var i = 0; i < 2; i++)
        {
            _far.Reads.Clear();
            Assert.Equal(bytes, await ReadAsync(key, 0, null));
            Assert.Single(_far.Reads);
        }
    }

    [Fact]
    public async Task Cache_is_readable_by_its_user_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Folders have no such bits.");
        await ReadAsync(Put(10).Key, 0, null);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_folder["cache"])
        );
    }

    [Theory]
    [InlineData("1000", 1000)]
    [InlineData("2kb", 2048)]
    [InlineData("1.5GB", 3L << 29)]
    [InlineData("0", 0)]
    public void Limit_is_parsed_in_bytes(string text, long expected) =>
        Assert.Equal(expected, BlockCache.ParseLimit(text));

    [Theory]
    [InlineData("much")]
    [InlineData("-1")]
    [InlineData("1 PB")]
    [InlineData("GB")]
    public void Invalid_limit_is_an_error_naming_the_variable(string text) =>
        Assert.Contains(
            BlockCache.LimitVariable,
            Assert.Throws<InvalidCacheLimitException>(() => BlockCache.ParseLimit(text)).Message,
            StringComparison.Ordinal
        );

    private static (Digest Digest, byte[] Bytes) Content(int length)
    {
        var bytes = new byte[length];
        Random.Shared.NextBytes(bytes);
        return (Sha256.Of(bytes), bytes);
    }

    private CachingObjectStore Over(long limit) => new(_far, new BlockCache(new CachedFiles(_folder["cache"], limit)));

    private (string Key, byte[] Bytes) Put(int length)
    {
        var (digest, bytes) = Content(length);
        _memory[StoreLayout.ObjectKey(digest)] = bytes;
        return (StoreLayout.ObjectKey(digest), bytes);
    }

    private async Task<byte[]> ReadAsync(string key, long offset, long? length)
    {
        await using var stream = await _store.OpenReadAsync(key, offset, length, Token);
        using var bytes = new MemoryStream();
        await stream!.CopyToAsync(bytes, 77_777, Token);
        return bytes.ToArray();
    }

    private string[] BlockFiles() =>
        Directory.Exists(_folder["cache"])
            ? Directory.GetFiles(_folder["cache"], "*", SearchOption.AllDirectories)
            : [];
}
