using System.Buffers;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Opens values of a bucket.</summary>
internal sealed class BucketReader(IBucket bucket, BucketRequests requests, string location)
{
    /// <summary>Size of a range in bytes. Longer values are read in several ranges.</summary>
    public const int RangeSize = 8 << 20;

    private const int RangesAhead = 4;

    public string Location => location;

    public BucketRequests Requests => requests;

    /// <summary>Memory of ranges. The shared pool keeps arrays of this size for each thread.</summary>
    public ArrayPool<byte> Buffers { get; } = ArrayPool<byte>.Create(RangeSize, RangesAhead);

    /// <summary>Entered for each range that is read ahead into memory, by all streams together.</summary>
    public SemaphoreSlim Ahead { get; } = new(RangesAhead);

    /// <inheritdoc cref="IObjectStore.OpenReadAsync"/>
    public async Task<Stream?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        if (length == 0)
        {
            var found = await requests
                .RepeatAsync(clock => bucket.HeadAsync(key, clock.Token), cancellationToken)
                .ConfigureAwait(false);
            return found is null ? null : Stream.Null;
        }
        var wanted = Math.Min(length ?? long.MaxValue, long.MaxValue - offset);
        var first = await ReadAsync(key, offset, Math.Min(wanted, RangeSize), cancellationToken).ConfigureAwait(false);
        if (first is null)
            return null;
        var end = Math.Max(offset, Math.Min(first.TotalLength, offset + wanted));
        return new BucketReadStream(this, key, first, offset, end);
    }

    /// <summary>Opens a range; null if the key is missing.</summary>
    public Task<BucketRead?> ReadAsync(string key, long offset, long length, CancellationToken cancellationToken) =>
        requests.RepeatAsync(clock => bucket.OpenAsync(key, offset, length, clock.Token), cancellationToken);
}
