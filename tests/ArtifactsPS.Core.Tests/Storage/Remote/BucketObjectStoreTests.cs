using System.Security.Cryptography;
using ArtifactsPS.Stores.S3;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

public sealed class S3ObjectStoreTests() : BucketObjectStoreTests(Service.S3)
{
    [Fact]
    public async Task Parts_of_killed_writer_are_listed_and_deleted()
    {
        var key = $"{StoreAddress.Parse(Store.Location).PrefixAfter(0)}objects/aa/begun";
        var upload = await Bucket.Bucket.BeginPartsAsync(key, "writer", Token);
        using var part = new MemoryStream(new byte[5 << 20]);
        await Bucket.Bucket.PutPartAsync(key, upload, 1, part, Token);
        Assert.Empty(await ListAsync(""));

        var staged = Assert.Single(await Bucket.ListStagedAsync(Token).ToListAsync(Token));
        Assert.StartsWith("objects/aa/begun?", staged.Key, StringComparison.Ordinal);
        Assert.Equal(5 << 20, staged.Length);
        Assert.InRange(staged.LastModified, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.True(await Bucket.DeleteStagedAsync(staged.Key, Token));
        Assert.Empty(await Bucket.ListStagedAsync(Token).ToListAsync(Token));
        Assert.False(await Bucket.DeleteStagedAsync(staged.Key, Token));
    }
}

public sealed class AzureObjectStoreTests() : BucketObjectStoreTests(Service.Azure);

/// <summary>Stores in buckets of real servers.</summary>
public abstract class BucketObjectStoreTests(Service service) : ObjectStoreConformance(fixture: null)
{
    protected override int Rounds => 20;

    private protected BucketObjectStore Bucket => (BucketObjectStore)Store;

    // Small parts, so that there are many. S3 takes none below 5 MiB.
    protected override async Task<IObjectStore> OpenAsync() =>
        await RemoteBuckets.OpenAsync(service, options: "&partSize=5");

    protected override async Task CloseAsync()
    {
        using (Bucket)
            Assert.Empty(await RemoteBuckets.EmptyAsync(Bucket));
    }

    [Fact]
    public async Task Large_object_is_uploaded_and_read_in_parts()
    {
        // Not a whole number of parts or ranges.
        var (key, value) = ObjectOf((37 << 20) + 12345);
        await using (var staged = await Store.StageAsync(Token))
        {
            await staged.WriteAsync(value, Token);
            Assert.True(await staged.CommitAsync(key, Token));
        }
        await AssertIsAsync(key, value, 0, null);
        await AssertIsAsync(key, value, 1, value.Length);
        await AssertIsAsync(key, value, (9 << 20) + 1, 20 << 20);
        await using (var staged = await Store.StageAsync(Token))
        {
            await staged.WriteAsync(value, Token);
            Assert.False(await staged.CommitAsync(key, Token));
        }
        await AssertIsAsync(key, value, 0, null);
    }

    // Azurite has no request for copies of parts, so the bytes pass through this machine.
    [Fact]
    public async Task Object_above_copy_limit_is_moved_in_parts()
    {
        Bucket.Bucket.Limits.LargestCopy = 5 << 20;
        var (key, value) = ObjectOf((12 << 20) + 1);
        await Bucket.UploadAsync(key, Reading(value), Token);
        Assert.True(await Store.TryCopyAsync(key, "trash/" + key, Token));
        await AssertIsAsync("trash/" + key, value, 0, null);
        Assert.True(await Store.DeleteAsync(key, Token));
        // A truncated target doesn't count as a copy.
        await Store.TryCreateAsync(key, value.AsMemory(0, 1000), Token);
        Assert.True(await Store.TryMoveAsync("trash/" + key, key, Token));
        await AssertIsAsync(key, value, 0, null);
        Assert.Equal([key], await ListAsync(""));
        Assert.False(await Store.TryMoveAsync("trash/" + key, key, Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((5 << 20) - 1)]
    [InlineData(5 << 20)]
    [InlineData((5 << 20) + 1)]
    [InlineData((41 << 20) + 7)]
    public async Task Stream_is_uploaded(int length)
    {
        var (key, value) = ObjectOf(length);
        Assert.True(await Bucket.UploadAsync(key, Reading(value), Token));
        await AssertIsAsync(key, value, 0, null);
        await Bucket.UploadAsync(key, Reading(value), Token);
        await AssertIsAsync(key, value, 0, null);
    }

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(23 << 20)]
    public async Task Upload_with_failing_source_creates_nothing(int length)
    {
        var (key, value) = ObjectOf(length);
        var reading = Reading(value);
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            Bucket.UploadAsync(
                key,
                async (buffer, token) =>
                    await reading(buffer, token) is > 0 and var count
                        ? count
                        : throw new InvalidDataException("It isn't what it was said to be."),
                Token
            )
        );
        Assert.Empty(await ListAsync(""));
        Assert.Empty(await Bucket.ListStagedAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Concurrent_uploads_end_within_memory_limit()
    {
        var objects = Enumerable.Range(0, 6).Select(_ => ObjectOf(17 << 20)).ToList();
        await Task.WhenAll(objects.Select(o => Bucket.UploadAsync(o.Key, Reading(o.Value), Token)));
        foreach (var (key, value) in objects)
            await AssertIsAsync(key, value, 0, null);
    }

    [Fact]
    public async Task Concurrent_reads_end_within_memory_limit()
    {
        var (key, value) = ObjectOf(40 << 20);
        await Bucket.UploadAsync(key, Reading(value), Token);
        var streams = new List<Stream>();
        var first = new byte[10];
        for (var i = 0; i < 6; i++)
        {
            streams.Add((await Store.OpenReadAsync(key, 0, null, Token))!);
            await streams[i].ReadExactlyAsync(first, Token);
        }
        // The last stream is read first: it does not wait for data that the others read ahead.
        for (var i = streams.Count - 1; i >= 0; i--)
        {
            using var rest = new MemoryStream();
            await streams[i].CopyToAsync(rest, Token);
            Assert.True(rest.ToArray().AsSpan().SequenceEqual(value.AsSpan(10)));
            await streams[i].DisposeAsync();
        }
    }

    [Fact]
    public async Task Created_store_has_no_key_of_the_probe()
    {
        await VersionStore.CreateAsync(Store, Token);
        Assert.Equal(["store.json"], await ListAsync(""));
        await VersionStore.CreateAsync(Store, Token);
        Assert.Equal(["store.json"], await ListAsync(""));
    }

    private protected static (string Key, byte[] Value) ObjectOf(int length)
    {
        var value = new byte[length];
        Random.Shared.NextBytes(value);
        var hex = Convert.ToHexStringLower(SHA256.HashData(value));
        return ($"objects/{hex[..2]}/{hex}", value);
    }

    // In odd pieces, as a network would give it.
    private protected static Func<Memory<byte>, CancellationToken, ValueTask<int>> Reading(byte[] value)
    {
        var position = 0;
        return async (buffer, token) =>
        {
            await Task.Yield();
            token.ThrowIfCancellationRequested();
            var count = Math.Min(Math.Min(buffer.Length, 777_777), value.Length - position);
            value.AsMemory(position, count).CopyTo(buffer);
            position += count;
            return count;
        };
    }

    private protected async Task AssertIsAsync(string key, byte[] value, int offset, int? length)
    {
        using var stream = await Store.OpenReadAsync(key, offset, length, Token);
        using var read = new MemoryStream();
        await stream!.CopyToAsync(read, Token);
        var expected = value.AsMemory(offset, Math.Min(length ?? int.MaxValue, value.Length - offset));
        Assert.True(read.ToArray().AsSpan().SequenceEqual(expected.Span));
    }
}
