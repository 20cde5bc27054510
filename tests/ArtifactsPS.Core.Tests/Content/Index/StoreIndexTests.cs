using ArtifactsPS.Core.Content.Index;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Content.Index;

/// <summary>Lookups and merges of the index of a store. Objects are 1,000 bytes long.</summary>
public sealed class StoreIndexTests
{
    private const int ObjectLength = 1000;

    private readonly MemoryObjectStore _store = new();

    [Fact]
    public async Task Added_blobs_are_found_by_another_process()
    {
        var blobs = Blobs(300, seed: 1);
        await AddAsync(blobs);
        await AssertFoundAsync(blobs);
        Assert.Null(await FindAsync(IndexedBlobs.RandomDigest(new Random(5))));
    }

    [Fact]
    public async Task Lookup_after_addition_reads_only_added_segment()
    {
        var (first, second) = (Blobs(3, seed: 1), Blobs(3, seed: 2));
        await AddAsync(first);
        var known = Assert.Single(Keys);
        var store = new CountingObjectStore(_store);
        using var index = new StoreIndex(store);
        Assert.NotNull(await index.FindAsync(first[0].Digest, 10, Token));
        await index.AddAsync(second, Token);
        store.Reset();

        Assert.NotNull(await index.FindAsync(second[0].Digest, 10, Token));

        Assert.NotEmpty(store.KeysOf("read"));
        Assert.DoesNotContain(known, store.KeysOf("read"));
    }

    [Fact]
    public async Task Many_small_segments_are_merged()
    {
        var all = new List<IndexedBlob>();
        for (var i = 0; i < 100; i++)
        {
            var blobs = Blobs(3, seed: i);
            all.AddRange(blobs);
            await AddAsync(blobs);
        }
        Assert.InRange(Keys.Count, 1, 20);
        await AssertFoundAsync(all);
    }

    [Fact]
    public async Task Writer_that_fills_a_group_merges_it()
    {
        for (var i = 0; i < 15; i++)
            await AddAsync(Blobs(3, seed: i));
        Assert.Equal(15, Keys.Count);

        await AddAsync(Blobs(3, seed: 15));

        Assert.Single(Keys);
    }

    [Fact]
    public async Task Few_blobs_are_not_merged_with_many()
    {
        for (var i = 0; i < 15; i++)
            await AddAsync(Blobs(1 << 10, seed: i));
        var large = Keys;

        for (var i = 0; i < 16; i++)
            await AddAsync(Blobs(3, seed: 100 + i));

        Assert.Superset(large.ToHashSet(), Keys.ToHashSet());
        Assert.Equal(16, Keys.Count);
    }

    [Fact]
    public async Task Replaced_segments_are_ignored()
    {
        var old = Blobs(5, seed: 1);
        await AddAsync(old);
        var segments = await StoreIndex.OpenAsync(_store, Token);
        var before = _store[segments[0].Key.Key];
        var added = Blobs(5, seed: 2);
        await new IndexMerge(_store).CreateAsync(added, segments, null, Token);
        // A merge that was killed leaves the replaced segments.
        _store[segments[0].Key.Key] = before;

        var segment = Assert.Single(await StoreIndex.OpenAsync(_store, Token));

        Assert.Equal(10, segment.Count);
        await AssertFoundAsync([.. old, .. added]);
    }

    [Fact]
    public async Task Merge_without_remaining_blobs_leaves_no_segment()
    {
        await AddAsync(Blobs(5, seed: 1));
        var segments = await StoreIndex.OpenAsync(_store, Token);
        await new IndexMerge(_store).CreateAsync([], segments, _ => false, Token);
        Assert.Empty(Keys);
        Assert.Null(await FindAsync(Blobs(5, seed: 1)[0].Digest));
    }

    [Fact]
    public async Task Blobs_left_out_of_a_merge_can_return()
    {
        var (left, stays) = (Blobs(1, seed: 1), Blobs(1, seed: 2));
        await AddAsync(left);
        await AddAsync(stays);
        var source = left[0].Location.Object.Digest;
        var segments = await StoreIndex.OpenAsync(_store, Token);
        await new IndexMerge(_store).CreateAsync([], segments, digest => digest != source, Token);
        Assert.Null(await FindAsync(left[0].Digest));

        await AddAsync(left);

        await AssertFoundAsync([.. left, .. stays]);
    }

    [Fact]
    public async Task Blobs_added_during_a_merge_that_left_them_out_stay()
    {
        var blobs = Blobs(1, seed: 1);
        await AddAsync(blobs);
        var segments = await StoreIndex.OpenAsync(_store, Token);
        await AddAsync(blobs);

        await new IndexMerge(_store).CreateAsync([], segments, _ => false, Token);

        await AssertFoundAsync(blobs);
    }

    [Fact]
    public async Task Empty_segment_is_searched_without_error()
    {
        var bytes = IndexSegmentFormat.Encode([]);
        _store[StoreLayout.IndexSegmentKey(Sha256.Of(bytes))] = bytes;
        Assert.Null(await FindAsync(Blobs(1, seed: 1)[0].Digest));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Concurrent_merges_lose_nothing(int seed)
    {
        var all = new List<IndexedBlob>();
        for (var i = 0; i < 17; i++)
        {
            var blobs = Blobs(40, seed: 100 * seed + i);
            all.AddRange(blobs);
            await new IndexMerge(_store).CreateAsync(blobs, [], _ => true, Token);
        }
        var added = Enumerable.Range(50, 8).Select(i => Blobs(40, seed: 100 * seed + i)).ToList();
        all.AddRange(added.SelectMany(blobs => blobs));
        await Task.WhenAll(added.Select(blobs => Task.Run(() => AddAsync(blobs))));
        await AssertFoundAsync(all);
    }

    [Fact]
    public async Task Merge_of_segments_merged_meanwhile_loses_nothing()
    {
        var old = Blobs(50, seed: 1);
        await AddAsync(old);
        var segments = await StoreIndex.OpenAsync(_store, Token);
        var (one, two) = (Blobs(5, seed: 2), Blobs(5, seed: 3));
        await new IndexMerge(_store).CreateAsync(one, segments, _ => true, Token);
        await new IndexMerge(_store).CreateAsync(two, segments, _ => true, Token);
        await AssertFoundAsync([.. old, .. one, .. two]);
    }

    [Fact]
    public async Task Segments_merged_during_use_are_found()
    {
        var blobs = Blobs(50, seed: 1);
        await AddAsync(blobs);
        using var index = new StoreIndex(_store);
        Assert.Null(await index.FindAsync(Blobs(1, seed: 9)[0].Digest, 10, Token));
        await new IndexMerge(_store).CreateAsync(
            Blobs(5, seed: 2),
            await StoreIndex.OpenAsync(_store, Token),
            _ => true,
            Token
        );
        foreach (var (digest, location) in blobs)
            IndexedBlobs.AssertEqual(location, await index.FindAsync(digest, 10, Token));
    }

    [Fact]
    public async Task Damaged_block_loses_only_its_own_blobs()
    {
        var blobs = Blobs(5000, seed: 1);
        await AddAsync(blobs);
        var key = Assert.Single(Keys);
        _store.FlipBit(key, _store[key].Length - 100);
        await AssertFoundAsync([.. blobs.Take(4096)]);
        Assert.Null(await FindAsync(blobs[^1].Digest));

        // A merge keeps the blobs before the damage.
        await new IndexMerge(_store).CreateAsync([], await StoreIndex.OpenAsync(_store, Token), _ => true, Token);

        await AssertFoundAsync([.. blobs.Take(4096)]);
        Assert.Equal(4096, Assert.Single(await StoreIndex.OpenAsync(_store, Token)).Count);
    }

    [Fact]
    public async Task Unreadable_segment_hides_only_its_own_blobs()
    {
        var (hidden, readable, added) = (Blobs(5000, seed: 1), Blobs(5, seed: 2), Blobs(5, seed: 3));
        await AddAsync(hidden);
        var key = Assert.Single(Keys);
        await AddAsync(readable);
        var store = new UnreadableKeyStore(_store, key);
        using var opened = new StoreIndex(store);
        IndexedBlobs.AssertEqual(hidden[0].Location, await opened.FindAsync(hidden[0].Digest, 10, Token));
        store.IsUnreadable = true;
        using var later = new StoreIndex(store);

        foreach (var index in new[] { opened, later })
        {
            Assert.Null(await index.FindAsync(hidden[^1].Digest, 10, Token));
            IndexedBlobs.AssertEqual(readable[0].Location, await index.FindAsync(readable[0].Digest, 10, Token));
            await index.AddAsync(added, Token);
        }

        // It may be readable again.
        Assert.Contains(key, Keys);
        await AssertFoundAsync([.. hidden, .. readable, .. added]);
    }

    [Fact]
    public async Task Merge_of_unreadable_segment_keeps_it()
    {
        var (hidden, added) = (Blobs(5, seed: 1), Blobs(5, seed: 2));
        await AddAsync(hidden);
        var store = new UnreadableKeyStore(_store, Assert.Single(Keys));
        var segments = await StoreIndex.OpenAsync(store, Token);
        store.IsUnreadable = true;

        await new IndexMerge(store).CreateAsync(added, segments, exists: null, Token);

        await AssertFoundAsync([.. hidden, .. added]);
    }

    [Fact]
    public async Task Merged_segment_equals_encoded_segment_except_filter()
    {
        var (one, two) = (Blobs(3000, seed: 1), Blobs(2000, seed: 2));
        await AddAsync(one);
        await new IndexMerge(_store).CreateAsync(two, await StoreIndex.OpenAsync(_store, Token), _ => true, Token);
        var merged = Assert.Single(await StoreIndex.OpenAsync(_store, Token));
        Assert.Equal(StoreLayout.IndexSegmentKey(Sha256.Of(_store[merged.Key.Key])), merged.Key.Key);
        Assert.Equal(
            one.Concat(two).OrderBy(blob => blob.Digest, Digest.Order).Select(IndexedBlobs.Describe),
            (await IndexedBlobs.ReadAsync(merged)).Select(IndexedBlobs.Describe)
        );
    }

    [Fact]
    public async Task Stale_records_are_not_used()
    {
        var source = Object(1);
        var missing = new StoredObject(Sha256.Of("missing"u8));
        var stale = new Dictionary<string, BlobLocation>
        {
            ["missing object"] = new(missing, 0),
            ["object too short"] = new(source, ObjectLength - 9),
            ["frame as long as its content"] = new(source, 0, BlobEncoding.Zstandard, 10),
            ["frame after the end"] = new(source, ObjectLength - 8, BlobEncoding.Zstandard, 9),
            ["no list of chunks"] = new(source, 0, BlobEncoding.Chunked, 40),
            ["huge list of chunks"] = new(source, 0, BlobEncoding.Chunked, int.MaxValue),
        };
        foreach (var (name, location) in stale)
        {
            var digest = Sha256.Of(System.Text.Encoding.UTF8.GetBytes(name));
            await AddAsync([new IndexedBlob(digest, location)]);
            Assert.Null(await FindAsync(digest));
        }
        var sound = new IndexedBlob(Sha256.Of("sound"u8), new BlobLocation(source, ObjectLength - 10));
        await AddAsync([sound]);
        await AssertFoundAsync([sound]);
    }

    [Fact]
    public async Task Locations_in_one_object_share_its_instance()
    {
        var source = Object(1);
        await AddAsync([
            new IndexedBlob(Sha256.Of("a"u8), new BlobLocation(source, 0)),
            new IndexedBlob(Sha256.Of("b"u8), new BlobLocation(source, 20)),
        ]);
        using var index = new StoreIndex(_store);
        Assert.Same(
            (await index.FindAsync(Sha256.Of("a"u8), 10, Token))!.Value.Container,
            (await index.FindAsync(Sha256.Of("b"u8), 10, Token))!.Value.Container
        );
    }

    private List<string> Keys => [.. _store.Keys.Where(key => key.StartsWith("index/", StringComparison.Ordinal))];

    private StoredObject Object(int number)
    {
        var source = new StoredObject(Sha256.Of([(byte)number]));
        _store[source.Key] = new byte[ObjectLength];
        return source;
    }

    private List<IndexedBlob> Blobs(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => new IndexedBlob(
                    IndexedBlobs.RandomDigest(random),
                    new BlobLocation(Object(random.Next(7)), random.Next(ObjectLength - 10))
                ))
                .OrderBy(blob => blob.Digest, Digest.Order),
        ];
    }

    private async Task AddAsync(IReadOnlyList<IndexedBlob> blobs)
    {
        using var index = new StoreIndex(_store);
        await index.AddAsync(blobs, Token);
    }

    private async Task<BlobLocation?> FindAsync(Digest digest)
    {
        using var index = new StoreIndex(_store);
        return await index.FindAsync(digest, 10, Token);
    }

    private async Task AssertFoundAsync(IReadOnlyList<IndexedBlob> blobs)
    {
        using var index = new StoreIndex(_store);
        foreach (var (digest, location) in blobs)
            IndexedBlobs.AssertEqual(location, await index.FindAsync(digest, 10, Token));
    }

    private sealed class UnreadableKeyStore(IObjectStore inner, string unreadable) : StoreDecorator(inner)
    {
        public bool IsUnreadable { get; set; }

        protected override void Before(string operation, string key)
        {
            if (IsUnreadable && operation == "read" && key == unreadable)
                throw new StoreUnavailableException(Location, "input/output error.");
        }
    }
}
