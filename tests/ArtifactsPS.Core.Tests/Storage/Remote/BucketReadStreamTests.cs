using System.Security.Cryptography;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

public sealed class BucketReadStreamTests
{
    [Fact]
    public async Task Read_after_failed_range_skips_nothing()
    {
        var value = RandomNumberGenerator.GetBytes(3 * BucketReader.RangeSize);
        var failures = 1;
        using var bucket = new ScriptedBucket((_, _) => ScriptedBucket.Unanswered())
        {
            Open = (offset, length) =>
                offset == BucketReader.RangeSize && Interlocked.Decrement(ref failures) >= 0
                    ? throw new BucketException(BucketFailure.Refused, "refused once.")
                    : new BucketRead
                    {
                        Stream = new MemoryStream(value, (int)offset, (int)length!.Value, writable: false),
                        TotalLength = value.Length,
                        Writer = "",
                    },
        };
        using var store = new BucketObjectStore(bucket, "scripted", "");
        using var stream = await store.OpenReadAsync("key", 0, null, Token);
        var read = new byte[value.Length];
        await stream!.ReadExactlyAsync(read.AsMemory(0, BucketReader.RangeSize), Token);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stream.ReadAsync(new byte[1], Token).AsTask());
        await stream.ReadExactlyAsync(read.AsMemory(BucketReader.RangeSize), Token);
        Assert.True(read.AsSpan().SequenceEqual(value));
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Token));
    }
}
