namespace ArtifactsPS.Core.Tests.Storage.Remote;

/// <summary>Parts of an upload that are sent at the same time.</summary>
public sealed class ParallelUploadTests
{
    private const int PartSize = 1 << 10;
    private const int Parts = 24;
    private const int AtOnce = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Parts_are_sent_while_the_next_is_read()
    {
        var (begun, ended, most) = (0, 0, 0);
        var areInFlight = new TaskCompletionSource();
        using var bucket = new ScriptedBucket((_, _) => Task.FromResult<BucketKey?>(null))
        {
            Limits = new BucketLimits
            {
                LargestPut = 1 << 20,
                LargestCopy = 1 << 20,
                PartSize = PartSize,
                Parts = 10_000,
            },
            // The first parts are not answered before the limit is reached.
            PutPart = async _ =>
            {
                if (Interlocked.Increment(ref begun) == AtOnce)
                    areInFlight.SetResult();
                await areInFlight.Task.WaitAsync(Patience, Token);
                Interlocked.Increment(ref ended);
            },
        };
        using var store = new BucketObjectStore(bucket, "scripted", "");
        var read = 0;

        await store.UploadAsync(StoreLayout.ObjectKey(Digest.OfNothing), ReadAsync, Token);

        Assert.Equal(Parts, ended);
        Assert.Equal(AtOnce, most);

        // A part takes its place, and so its memory, before it is read.
        ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (read == Parts)
                return new(0);
            read++;
            most = Math.Max(most, read - Volatile.Read(ref ended));
            return new(buffer.Length);
        }
    }
}
