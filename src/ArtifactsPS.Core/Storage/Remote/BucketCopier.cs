using System.Buffers;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Copies values within a bucket. The service copies them; if it can't, their bytes pass through this machine.</summary>
internal sealed class BucketCopier(
    IBucket bucket,
    BucketRequests requests,
    BucketReader reader,
    BucketUploader uploader
)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Copies a value to a key that is the digest of the value, and checks the length of the copy.</summary>
    /// <param name="known">The key as it was described last.</param>
    /// <param name="target">The new key. A value of another length is replaced.</param>
    /// <returns>False if the key is missing.</returns>
    public async Task<bool> CopyAsync(BucketKey known, string target, CancellationToken cancellationToken)
    {
        var isLarge = known.Length > bucket.Limits.LargestCopy;
        if (isLarge && await HasLengthAsync(target, known.Length, cancellationToken).ConfigureAwait(false))
            return true;
        var isCopied = isLarge
            ? await uploader.TryCopyInPartsAsync(known, target, cancellationToken).ConfigureAwait(false)
            : await TryCopyWholeAsync(known, target, cancellationToken).ConfigureAwait(false);
        isCopied ??= await CopyThroughAsync(known, target, cancellationToken).ConfigureAwait(false);
        if (isCopied is false)
            return false;
        // Some services ignore a header that they don't know, and create an empty key.
        return await HasLengthAsync(target, known.Length, cancellationToken).ConfigureAwait(false)
            ? true
            : throw new StoreUnavailableException(
                reader.Location,
                $"the service did not copy '{known.Key}' to '{target}'. Nothing was deleted. Run the command again."
            );
    }

    // Null if the service has no such request.
    private async Task<bool?> TryCopyWholeAsync(BucketKey known, string target, CancellationToken cancellationToken) =>
        await requests
            .RepeatAsync(clock => bucket.CopyAsync(known, target, clock.Token), cancellationToken)
            .ConfigureAwait(false) switch
        {
            BucketCopyResult.Copied => true,
            BucketCopyResult.Missing => false,
            _ => null,
        };

    private async Task<bool> CopyThroughAsync(BucketKey known, string target, CancellationToken cancellationToken)
    {
        using var stream = await reader.OpenAsync(known.Key, 0, null, cancellationToken).ConfigureAwait(false);
        if (stream is null)
            return false;
        await uploader.UploadAsync(target, ReadAsync, cancellationToken).ConfigureAwait(false);
        return true;

        async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken token)
        {
            var bytes = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length, BufferSize));
            try
            {
                var wanted = Math.Min(buffer.Length, bytes.Length);
                var count = await stream.ReadAsync(bytes, 0, wanted, token).ConfigureAwait(false);
                bytes.AsMemory(0, count).CopyTo(buffer);
                return count;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
    }

    private async Task<bool> HasLengthAsync(string key, long length, CancellationToken cancellationToken)
    {
        var found = await requests
            .RepeatAsync(clock => bucket.HeadAsync(key, clock.Token), cancellationToken)
            .ConfigureAwait(false);
        return found?.Length == length;
    }
}
