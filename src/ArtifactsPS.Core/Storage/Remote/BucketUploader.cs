using System.Buffers;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Creates keys in one request, or in parts that are sent in parallel.</summary>
internal sealed class BucketUploader(IBucket bucket, BucketRequests requests, string location)
{
    // Limit for all uploads together. Parts without a file stay in memory until they are sent.
    private const int TransfersAtOnce = 8;

    // Smaller values are sent without waiting.
    private const int SmallSize = 1 << 20;

    private readonly SemaphoreSlim _transfers = new(TransfersAtOnce);

    /// <summary>Creates a key in one request, unless it exists.</summary>
    /// <param name="key">The key.</param>
    /// <param name="source">The value.</param>
    /// <param name="isObject">Whether the key is the digest of its value. Then a value of another length is replaced.</param>
    /// <returns>True if this call created the key.</returns>
    public async Task<bool> TryPutAsync(
        string key,
        IUploadSource source,
        bool isObject,
        CancellationToken cancellationToken
    )
    {
        if (source.Length > bucket.Limits.LargestPut)
            throw new StoreUnavailableException(
                location,
                $"{source.Length} bytes are more than the largest value that it accepts in one request, {bucket.Limits.LargestPut} bytes."
            );
        if (source.Length <= SmallSize)
            return await PutAsync(key, source, isObject, cancellationToken).ConfigureAwait(false);
        await _transfers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await PutAsync(key, source, isObject, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _transfers.Release();
        }
    }

    /// <summary>Gives a key a value, whether or not it exists.</summary>
    public Task ReplaceAsync(string key, IUploadSource source, CancellationToken cancellationToken)
    {
        var writer = NewWriter();
        return requests.RepeatAsync(clock => PutAsync(key, source, writer, replaces: true, clock), cancellationToken);
    }

    /// <summary>Whether an object of a length in bytes is sent in parts.</summary>
    public bool NeedsParts(long length) =>
        length > 2 * PartSizes.Of(length, bucket.Limits) || length > bucket.Limits.LargestPut;

    /// <summary>Creates a key that is the digest of its bytes; large values in parts.</summary>
    /// <returns>True if this call created the key.</returns>
    public async Task<bool> TryPutInPartsAsync(string key, IUploadSource source, CancellationToken cancellationToken)
    {
        if (!NeedsParts(source.Length))
            return await TryPutAsync(key, source, isObject: true, cancellationToken).ConfigureAwait(false);
        var size = PartSizes.Of(source.Length, bucket.Limits);
        using var upload = Parts(key, cancellationToken);
        return await WhileBegunAsync(
                upload,
                async () =>
                {
                    await upload.BeginAsync(resumes: true).ConfigureAwait(false);
                    for (long offset = 0; offset < source.Length; offset += size)
                    {
                        var (start, length) = (offset, Math.Min(size, source.Length - offset));
                        await _transfers.WaitAsync(upload.Token).ConfigureAwait(false);
                        upload.Send(length, () => source.Open(start, length));
                    }
                    return await upload.CompleteAsync().ConfigureAwait(false);
                }
            )
            .ConfigureAwait(false);
    }

    /// <summary>Copies a value to a key that is its digest, in parts.</summary>
    /// <returns>True if the key has the value; false if the source is missing; null if the service can't copy parts.</returns>
    public async Task<bool?> TryCopyInPartsAsync(BucketKey source, string key, CancellationToken cancellationToken)
    {
        var size = Math.Max(bucket.Limits.LargestCopy, (source.Length + bucket.Limits.Parts - 1) / bucket.Limits.Parts);
        using var upload = Parts(key, cancellationToken);
        try
        {
            await WhileBegunAsync(
                    upload,
                    async () =>
                    {
                        await upload.BeginAsync(resumes: false).ConfigureAwait(false);
                        for (long offset = 0; offset < source.Length; offset += size)
                        {
                            await _transfers.WaitAsync(upload.Token).ConfigureAwait(false);
                            upload.SendCopy(source, offset, Math.Min(size, source.Length - offset));
                        }
                        return await upload.CompleteAsync().ConfigureAwait(false);
                    }
                )
                .ConfigureAwait(false);
            return true;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="IUploadingStore.UploadAsync"/>
    public async Task<bool> UploadAsync(
        string key,
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        CancellationToken cancellationToken
    )
    {
        using var upload = Parts(key, cancellationToken);
        return await WhileBegunAsync(upload, () => UploadAsync(upload, read)).ConfigureAwait(false);
    }

    private async Task<bool> UploadAsync(PartsUpload upload, Func<Memory<byte>, CancellationToken, ValueTask<int>> read)
    {
        for (var number = 1; ; number++)
        {
            var size = PartSizes.At(number, bucket.Limits);
            await _transfers.WaitAsync(upload.Token).ConfigureAwait(false);
            var isSending = false;
            try
            {
                var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(size, 1));
                var count = await FillAsync(read, buffer.AsMemory(0, Math.Max(size, 1)), upload.Token)
                    .ConfigureAwait(false);
                if (size == 0 && count > 0)
                    throw new StoreUnavailableException(
                        location,
                        "a value is too large for the number of parts that it accepts. Set a larger partSize in the location."
                    );
                if (!upload.IsBegun)
                {
                    if (count < size)
                        return await PutAsync(upload.Key, new MemorySource(buffer, count), isObject: true, upload.Token)
                            .ConfigureAwait(false);
                    await upload.BeginAsync(resumes: true).ConfigureAwait(false);
                }
                if (count > 0)
                {
                    isSending = true;
                    upload.Send(
                        count,
                        () => new MemoryStream(buffer, 0, count, writable: false),
                        () => ArrayPool<byte>.Shared.Return(buffer)
                    );
                }
                if (count < size || size == 0)
                    break;
            }
            finally
            {
                if (!isSending)
                    _transfers.Release();
            }
        }
        return await upload.CompleteAsync().ConfigureAwait(false);
    }

    // Drops the parts of an upload that failed or was cancelled.
    private async Task<bool> WhileBegunAsync(PartsUpload upload, Func<Task<bool>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch
        {
            await upload.DropAsync().ConfigureAwait(false);
            if (upload.Failure is not UploadGoneException)
            {
                upload.ThrowFailure();
                throw;
            }
        }
        // Of two processes that send the same parts, the first completes the upload.
        var found = await requests
            .RepeatAsync(clock => bucket.HeadAsync(upload.Key, clock.Token), upload.CallerToken)
            .ConfigureAwait(false);
        return found is not null
            ? false
            : throw new StoreUnavailableException(
                location,
                "the partial upload is gone; another process or a clean-up dropped it. Run the command again."
            );
    }

    private static async Task<int> FillAsync(
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        Memory<byte> buffer,
        CancellationToken cancellationToken
    )
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var count = await read(buffer.Slice(total), cancellationToken).ConfigureAwait(false);
            if (count == 0)
                break;
            total += count;
        }
        return total;
    }

    private async Task<bool> PutAsync(
        string key,
        IUploadSource source,
        bool isObject,
        CancellationToken cancellationToken
    )
    {
        var writer = NewWriter();
        var replaces = false;
        using var attempts = requests.Begin();
        while (true)
        {
            var isAbsent = new BucketException(
                BucketFailure.Unanswered,
                "the service reports that a key exists, and then that it is missing."
            );
            try
            {
                var result = await requests
                    .OnceAsync(clock => PutAsync(key, source, writer, replaces, clock), cancellationToken)
                    .ConfigureAwait(false);
                if (result == BucketPutResult.Created || (isObject && result == BucketPutResult.CreatedVersion))
                    return true;
                if (result == BucketPutResult.CreatedVersion)
                    return await ConfirmAsync(key, writer, cancellationToken).ConfigureAwait(false);
            }
            catch (BucketException e)
            {
                isAbsent = null;
                await attempts.FailedAsync(e, cancellationToken).ConfigureAwait(false);
            }
            // Another writer created the key, or this call did with a request whose answer was lost.
            var found = await requests
                .RepeatAsync(clock => bucket.HeadAsync(key, clock.Token), cancellationToken)
                .ConfigureAwait(false);
            if (found is not null && isObject && found.Length != source.Length)
            {
                // Damaged.
                replaces = true;
                continue;
            }
            if (found is not null)
                return found.Writer == writer
                    && (isObject || await ConfirmAsync(key, writer, cancellationToken).ConfigureAwait(false));
            // Another writer was creating the key and failed, or deleted it again.
            if (isAbsent is not null)
                await attempts.FailedAsync(isAbsent, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<BucketPutResult> PutAsync(
        string key,
        IUploadSource source,
        string writer,
        bool replaces,
        RequestClock clock
    )
    {
        using var bytes = source.Open(0, source.Length);
        return await bucket.TryPutAsync(key, clock.Watch(bytes), writer, replaces, clock.Token).ConfigureAwait(false);
    }

    private async Task<bool> ConfirmAsync(string key, string writer, CancellationToken cancellationToken)
    {
        if (
            await requests
                .RepeatAsync(clock => bucket.ConfirmAsync(key, writer, clock.Token), cancellationToken)
                .ConfigureAwait(false)
        )
            return true;
        var found = await requests
            .RepeatAsync(clock => bucket.HeadAsync(key, clock.Token), cancellationToken)
            .ConfigureAwait(false);
        throw new StoreNotSupportedException(
            location,
            found is { Writer.Length: 0 }
                ? "the service doesn't store the metadata of a key, which identifies its writer."
                : $"the service overwrote '{key}' although it was asked not to. Some services do so once versioning of the bucket "
                    + "is switched on. Check the store with Test-ArtifactStore."
        );
    }

    private PartsUpload Parts(string key, CancellationToken cancellationToken) =>
        new(bucket, requests, _transfers, location, cancellationToken) { Key = key, Writer = NewWriter() };

    private static string NewWriter() => Guid.NewGuid().ToString("N");
}
