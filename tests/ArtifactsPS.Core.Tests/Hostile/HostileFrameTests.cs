using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>Damaged and malicious Zstandard frames of blobs and chunks: errors, and memory that is bounded.</summary>
[Collection(nameof(MemoryTests))]
public sealed class HostileFrameTests
{
    private const int Mebibyte = 1 << 20;

    // Buffers, streams and error messages of several reads.
    private const long MaxAllocated = 4 * Mebibyte;

    private readonly byte[] _content = SampleContent.Text(3000, 1);

    [Fact]
    public async Task Undamaged_frames_are_read()
    {
        await CheckReadAsync(Frames.Compress(_content), _content);
        await CheckReadAsync(Frames.Raw(_content, _content.Length)[..^1], null);
        var zeros = new byte[100_000];
        await CheckReadAsync(Frames.Zeros(zeros.Length), zeros);
    }

    [Fact]
    public async Task Flipped_bit_never_changes_content()
    {
        var good = Frames.Compress(_content);
        var refused = 0;
        for (var at = 0; at < good.Length; at++)
        for (var bit = 0; bit < 8; bit++)
        {
            var frame = good.ToArray();
            frame[at] ^= (byte)(1 << bit);
            refused += await ReadOrRefuseAsync(frame) ? 0 : 1;
        }
        // A few bits have no effect, such as the format's unused bit, or the choice between equal matches.
        Assert.InRange(refused, (int)(0.99 * 8 * good.Length), 8 * good.Length);
    }

    [Fact]
    public async Task Truncated_frame_is_refused()
    {
        var good = Frames.Compress(_content);
        for (var length = 0; length < good.Length; length++)
            Assert.False(await ReadOrRefuseAsync(good[..length]), $"{length} bytes");
    }

    [Theory]
    [InlineData("size too small")]
    [InlineData("size too large")]
    [InlineData("size zero")]
    [InlineData("size of gigabytes")]
    [InlineData("negative size")]
    [InlineData("no size")]
    [InlineData("dictionary")]
    [InlineData("two equal frames")]
    [InlineData("two halves")]
    [InlineData("empty frame after")]
    [InlineData("skippable frame before")]
    [InlineData("skippable frame after")]
    [InlineData("byte after")]
    [InlineData("raw content")]
    public Task Hostile_frame_is_refused(string fault)
    {
        var good = Frames.Compress(_content);
        var half = _content.Length / 2;
        byte[] frame = fault switch
        {
            "size too small" => Frames.Raw(_content, _content.Length - 1),
            "size too large" => Frames.Raw(_content, _content.Length + 1),
            "size zero" => Frames.Raw(_content, 0),
            "size of gigabytes" => Frames.Raw(_content, 1L << 40),
            "negative size" => Frames.Raw(_content, -1),
            "no size" => Frames.Raw(_content, size: null),
            "dictionary" => Frames.Raw(_content, _content.Length, dictionary: 9),
            "two equal frames" => [.. good, .. good],
            "two halves" => [.. Frames.Raw(_content[..half], half), .. Frames.Raw(_content[half..], half)],
            "empty frame after" => [.. good, .. Frames.Raw([], 0)],
            "skippable frame before" => [.. Frames.Skippable(5), .. good],
            "skippable frame after" => [.. good, .. Frames.Skippable(5)],
            "byte after" => [.. good, 0],
            _ => _content,
        };
        return CheckReadAsync(frame, null);
    }

    [Theory]
    [InlineData(0x98)] // 2^29 bytes
    [InlineData(0xA0)]
    [InlineData(0xA8)] // 2^31 bytes
    [InlineData(0xF8)] // 2^41 bytes
    [InlineData(0xFF)]
    public async Task Window_of_gigabytes_allocates_no_memory(byte window)
    {
        var content = SampleContent.Text(100_000, 2);
        await AssertAllocatesAsync(
            MaxAllocated,
            () => ReadOrRefuseAsync(Frames.Raw(content, content.Length, window), content)
        );
    }

    [Theory]
    [InlineData(ZstandardFrame.MaxContentSize + 1L)]
    [InlineData(int.MaxValue)]
    [InlineData(1L << 32)]
    [InlineData(1L << 40)]
    [InlineData(long.MaxValue)]
    public Task Content_over_64_MiB_is_refused_without_memory(long size) =>
        AssertAllocatesAsync(MaxAllocated, () => CheckReadAsync(Frames.Raw(_content, size), null, size));

    [Fact]
    public Task Frame_length_of_gigabytes_is_refused_without_memory()
    {
        var bytes = Frames.Compress(_content);
        var source = new StoredObject(Sha256.Of(bytes));
        var location = new BlobLocation(source, 0, BlobEncoding.Zstandard, int.MaxValue - 1);
        var reader = new ContentReader(new MemoryObjectStore { [source.Key] = bytes });
        var blob = new Blob(Sha256.Of(_content), int.MaxValue, location);
        return AssertAllocatesAsync(
            MaxAllocated,
            async () =>
            {
                foreach (var read in ReadsOf(reader, blob))
                    await Assert.ThrowsAsync<ObjectCorruptException>(read);
                var list = await StoreListAsync(blob);
                await Assert.ThrowsAsync<ObjectCorruptException>(list);
            }
        );

        Task<Func<Task>> StoreListAsync(Blob chunk)
        {
            var json = new ChunkList([chunk, chunk]).Encode(new StoredObject(Sha256.Of("none"u8))).ToArray();
            var self = new StoredObject(Sha256.Of(json));
            var memory = new MemoryObjectStore { [source.Key] = bytes, [self.Key] = json };
            var whole = new Blob(
                Sha256.Of("whole"u8),
                2L * int.MaxValue,
                new BlobLocation(self, 0, BlobEncoding.Chunked, json.Length)
            );
            return Task.FromResult<Func<Task>>(() =>
                new ContentReader(memory).CopyAsync(whole, (_, _) => Task.CompletedTask, Token)
            );
        }
    }

    [Fact]
    public Task Zeros_in_small_frames_are_decompressed_one_by_one()
    {
        // 2,000 blobs of 128 KiB in frames of a few bytes, in one batch: 256 MB of content.
        const int Size = 128 << 10;
        const int Count = 2000;
        var frame = Frames.Zeros(Size);
        var bytes = Enumerable.Repeat(frame, Count).SelectMany(item => item).ToArray();
        var source = new StoredObject(Sha256.Of(bytes));
        var reader = new ContentReader(new MemoryObjectStore { [source.Key] = bytes });
        var digest = Sha256.Of(new byte[Size]);
        var blobs = Enumerable
            .Range(0, Count)
            .Select(i => new Blob(
                digest,
                Size,
                new BlobLocation(source, i * frame.Length, BlobEncoding.Zstandard, frame.Length)
            ));
        return AssertAllocatesAsync(
            16 * Mebibyte,
            async () =>
            {
                var batch = Assert.Single(BlobBatch<int>.Plan(blobs.Select((blob, i) => (i, blob))));
                var delivered = 0;
                await batch.ReadAsync(
                    reader,
                    (_, content) =>
                    {
                        delivered += content.Count;
                        return Task.CompletedTask;
                    },
                    (_, error) => throw error,
                    Token
                );
                Assert.Equal(Count * Size, delivered);
            }
        );
    }

    [Fact]
    public Task Damaged_frame_causes_only_documented_errors()
    {
        var good = Frames.Compress(_content);
        return Fuzzing.ForEachAsync(
            2000,
            async random =>
            {
                var (reader, blob) = Store(new Mutator(random).Mutate(good), _content, _content.Length);
                foreach (var read in ReadsOf(reader, blob))
                    await read();
            }
        );
    }

    [Fact]
    public Task Damaged_frame_of_chunk_list_causes_only_documented_errors()
    {
        var source = new StoredObject(Sha256.Of("chunks"u8));
        var list = new ChunkList([
            .. Enumerable
                .Range(0, 20)
                .Select(i => new Blob(Sha256.Of([(byte)i]), 100, new BlobLocation(source, i * 100))),
        ]);
        var good = Frames.Compress(list.Encode(source).ToArray());
        return Fuzzing.ForEachAsync(
            500,
            random =>
            {
                var bytes = new Mutator(random).Mutate(good);
                var self = new StoredObject(Sha256.Of(bytes));
                var reader = new ContentReader(new MemoryObjectStore { [self.Key] = bytes });
                return reader.ReadChunkListAsync(new BlobLocation(self, 0, BlobEncoding.Chunked, bytes.Length), Token);
            }
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Huge_chunk_list_in_small_frame_is_refused(bool isOverLimit)
    {
        // The list has the largest length, or claims a byte more.
        var frame = isOverLimit
            ? Frames.Raw(_content, ChunkList.MaxLength + 1)
            : Frames.Compress(Enumerable.Repeat((byte)'[', ChunkList.MaxLength).ToArray());
        var self = new StoredObject(Sha256.Of(frame));
        var reader = new ContentReader(new MemoryObjectStore { [self.Key] = frame });
        return AssertAllocatesAsync(
            isOverLimit ? MaxAllocated : 4 * ChunkList.MaxLength,
            () =>
                Assert.ThrowsAsync<ObjectCorruptException>(() =>
                    reader.ReadChunkListAsync(new BlobLocation(self, 0, BlobEncoding.Chunked, frame.Length), Token)
                )
        );
    }

    // Checks that all ways of reading return the content, or, if it is null, report damage.
    private async Task CheckReadAsync(byte[] frame, byte[]? expected, long? size = null)
    {
        var isRead = await ReadOrRefuseAsync(frame, expected, size);
        Assert.Equal(expected is not null, isRead);
    }

    private async Task<bool> ReadOrRefuseAsync(byte[] frame, byte[]? expected = null, long? size = null)
    {
        var content = expected ?? _content;
        var (reader, blob) = Store(frame, content, size ?? content.Length);
        var results = new List<bool>();
        foreach (var read in ReadsOf(reader, blob))
            try
            {
                var actual = await read();
                Assert.True(content.AsSpan().SequenceEqual(actual), "The content differs.");
                results.Add(true);
            }
            catch (ObjectCorruptException e)
            {
                Assert.Equal(blob.Location.Object.Key, e.Target);
                results.Add(false);
            }
        return Assert.Single(results.Distinct());
    }

    private static (ContentReader Reader, Blob Blob) Store(byte[] frame, byte[] content, long size)
    {
        var source = new StoredObject(Sha256.Of(frame));
        var location = new BlobLocation(source, 0, BlobEncoding.Zstandard, frame.Length);
        return (
            new ContentReader(new MemoryObjectStore { [source.Key] = frame }),
            new Blob(Sha256.Of(content), size, location)
        );
    }

    private static IEnumerable<Func<Task<byte[]>>> ReadsOf(ContentReader reader, Blob blob)
    {
        yield return () => reader.ReadAsync(blob, Token);
        yield return async () =>
        {
            using var copy = new MemoryStream();
            await reader.CopyAsync(blob, (buffer, count) => copy.WriteAsync(buffer, 0, count, Token), Token);
            return copy.ToArray();
        };
        yield return async () =>
        {
            await using var stream = await reader.OpenCheckedAsync(blob, Token);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, Token);
            return copy.ToArray();
        };
        var batch = BlobBatch<int>.Plan([(0, blob)]).Single();
        if (!batch.IsLarge)
            yield return async () =>
            {
                byte[] result = [];
                ArtifactsException? failure = null;
                await batch.ReadAsync(
                    reader,
                    (_, bytes) =>
                    {
                        result = [.. bytes];
                        return Task.CompletedTask;
                    },
                    (_, error) =>
                    {
                        failure = error;
                        return default;
                    },
                    Token
                );
                return failure is null ? result : throw failure;
            };
    }

    private static async Task AssertAllocatesAsync(long most, Func<Task> act)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await act();
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, most);
    }
}
