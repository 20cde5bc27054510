using System.Runtime.CompilerServices;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>
/// A store in a bucket. Answers may be lost. So each creation has a random <em>writer</em> id, which the service stores with the
/// bytes. After a lost answer, the key's writer shows whether this creation succeeded.
/// </summary>
public sealed class BucketObjectStore
    : IObjectStore,
        IRemoteStore,
        IStagingStore,
        IUploadingStore,
        IProbedStore,
        IRetryingStore,
        IRequestStore,
        IVersionedStore,
        IDisposable
{
    // Separates the key and the id of an upload in the keys of ListStagedAsync.
    private const string UploadMark = "?upload=";

    private readonly string _prefix;
    private readonly BucketRequests _requests;
    private readonly BucketReader _reader;
    private readonly BucketUploader _uploader;
    private readonly BucketCopier _copier;
    private readonly SpoolGate _gate = new();
    private readonly ServiceCheck _check;

    /// <param name="bucket">The service; owned.</param>
    /// <param name="location">Location of the store, as a user writes it.</param>
    /// <param name="prefix">Prefix of all keys: empty, or ending in <c>/</c>.</param>
    /// <param name="limits">Time limits of requests; null for the default.</param>
    public BucketObjectStore(IBucket bucket, string location, string prefix, RequestLimits? limits = null)
    {
        Bucket = bucket;
        Location = location;
        _prefix = prefix;
        _requests = new BucketRequests(location, limits ?? new RequestLimits());
        _reader = new BucketReader(bucket, _requests, location);
        _uploader = new BucketUploader(bucket, _requests, location);
        _check = new ServiceCheck(bucket, _requests, ProbeAsync);
        _copier = new BucketCopier(bucket, _requests, _reader, _uploader);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public StoreWait? Wait => _requests.Outage.Wait;

    /// <inheritdoc/>
    public void RestartRetries() => _requests.Outage.Restart();

    /// <summary>The service below.</summary>
    internal IBucket Bucket { get; }

    /// <inheritdoc/>
    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        // Copies the value: an abandoned request may still read it after this call returns.
        var source = new MemorySource(value.ToArray());
        var isObject = StoreLayout.IsObject(key);
        if (!isObject)
            await _check.RunAsync(cancellationToken).ConfigureAwait(false);
        var creation = _uploader.TryPutAsync(_prefix + key, source, isObject, cancellationToken);
        return isObject
            ? await _check.RunBesideAsync(creation, cancellationToken).ConfigureAwait(false)
            : await creation.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken) =>
        _reader.OpenAsync(_prefix + key, offset, length, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) =>
        await HeadAsync(key, cancellationToken).ConfigureAwait(false) is not null;

    /// <inheritdoc/>
    public async Task<long?> GetLengthAsync(string key, CancellationToken cancellationToken) =>
        (await HeadAsync(key, cancellationToken).ConfigureAwait(false))?.Length;

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredKey> ListAsync(
        string prefix,
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var start = after is null ? null : _prefix + after;
        await foreach (var page in PagesAsync(prefix, folders: false, start, cancellationToken).ConfigureAwait(false))
        foreach (var key in page.Keys)
            // Some tools create keys that end in a slash, to show folders.
            if (!key.Key.EndsWith("/", StringComparison.Ordinal) && string.CompareOrdinal(key.Key, start) > 0)
                yield return new StoredKey(key.Key.Substring(_prefix.Length), key.Length, key.LastModified);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListFoldersAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var start = _prefix.Length + prefix.Length;
        await foreach (var page in PagesAsync(prefix, folders: true, null, cancellationToken).ConfigureAwait(false))
        foreach (var folder in page.Folders)
            yield return folder.Substring(start, folder.Length - start - 1);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var known = await HeadAsync(key, cancellationToken).ConfigureAwait(false);
        if (known is null)
            return false;
        await DeleteAsync(key, known, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public bool MovesAtomically => false;

    /// <inheritdoc/>
    public async Task<bool> TryMoveAsync(string key, string target, CancellationToken cancellationToken)
    {
        var known = await HeadAsync(key, cancellationToken).ConfigureAwait(false);
        if (known is null || !await _copier.CopyAsync(known, _prefix + target, cancellationToken).ConfigureAwait(false))
            return false;
        await DeleteAsync(key, known, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> TryCopyAsync(string key, string target, CancellationToken cancellationToken) =>
        await HeadAsync(key, cancellationToken).ConfigureAwait(false) is { } known
        && await _copier.CopyAsync(known, _prefix + target, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken)
    {
        var key = $"{StoreLayout.Probes}{Guid.NewGuid():N}";
        await TryCreateAsync(key, "time"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        DateTimeOffset? time = null;
        // Unlike a description of one key, a listing may have fractions of seconds.
        await foreach (var found in ListAsync(key, after: null, cancellationToken).ConfigureAwait(false))
            time = found.LastModified;
        await DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        return time ?? throw new StoreUnavailableException(Location, "a key is missing that was created just now.");
    }

    /// <inheritdoc/>
    public async Task<bool> TryDeleteOnceAsync(string key, CancellationToken cancellationToken)
    {
        if (await HeadAsync(key, cancellationToken).ConfigureAwait(false) is not { } known)
            return true;
        try
        {
            await _requests
                .OnceAsync(clock => Bucket.DeleteAsync(known, clock.Token), cancellationToken)
                .ConfigureAwait(false);
            return true;
        }
        catch (BucketException)
        {
            return false;
        }
    }

    private async Task DeleteAsync(string key, BucketKey known, CancellationToken cancellationToken)
    {
        using var attempts = _requests.Begin();
        while (true)
        {
            var failure = new BucketException(BucketFailure.Unanswered, "other clients keep touching a key.");
            try
            {
                if (
                    await _requests
                        .OnceAsync(clock => Bucket.DeleteAsync(known, clock.Token), cancellationToken)
                        .ConfigureAwait(false)
                )
                    return;
            }
            catch (BucketException e)
            {
                failure = e;
            }
            await attempts.FailedAsync(failure, cancellationToken).ConfigureAwait(false);
            // Another writer may have created the key again since. That key must stay.
            var now = await HeadAsync(key, cancellationToken).ConfigureAwait(false);
            if (now is null || now.Writer != known.Writer)
                return;
            known = now;
        }
    }

    /// <inheritdoc/>
    public Task<IStagedObject> StageAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IStagedObject>(new StagedUpload(this, _gate));
    }

    /// <inheritdoc/>
    public Task<bool> UploadAsync(
        string key,
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        CancellationToken cancellationToken
    ) => _uploader.UploadAsync(_prefix + key, read, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredKey> ListStagedAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string? continuation = null;
        do
        {
            var after = continuation;
            var page = await _requests
                .RepeatAsync(clock => Bucket.ListUploadsAsync(_prefix, after, clock.Token), cancellationToken)
                .ConfigureAwait(false);
            foreach (var upload in page.Uploads)
                yield return new StoredKey(
                    upload.Key.Substring(_prefix.Length) + UploadMark + upload.Upload,
                    upload.Length,
                    upload.LastModified
                );
            continuation = page.Continuation;
        } while (continuation is not null);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteStagedAsync(string key, CancellationToken cancellationToken)
    {
        var mark = key.IndexOf(UploadMark, StringComparison.Ordinal);
        return _requests.RepeatAsync(
            clock =>
                Bucket.AbortPartsAsync(
                    _prefix + key.Substring(0, mark),
                    key.Substring(mark + UploadMark.Length),
                    clock.Token
                ),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        await new BucketProbe(this, _uploader, _prefix).RunAsync(cancellationToken).ConfigureAwait(false);
        _check.Skip();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<KeptValue> ListVersionsAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string? continuation = null;
        do
        {
            var after = continuation;
            if (await TryListVersionsAsync(prefix, after, cancellationToken).ConfigureAwait(false) is not { } page)
                yield break;
            foreach (var version in page.Versions)
                yield return version with
                {
                    Key = version.Key.Substring(_prefix.Length),
                };
            continuation = page.Continuation;
        } while (continuation is not null);
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenVersionAsync(KeptValue version, CancellationToken cancellationToken)
    {
        if (Bucket is not IVersionedBucket bucket)
            return null;
        var found = await _requests
            .RepeatAsync(
                clock => bucket.OpenVersionAsync(_prefix + version.Key, version.Version, clock.Token),
                cancellationToken
            )
            .ConfigureAwait(false);
        return found?.Stream;
    }

    /// <inheritdoc/>
    public Task ReplaceAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        _uploader.ReplaceAsync(_prefix + key, new MemorySource(value.ToArray()), cancellationToken);

    // Null if the service keeps no older values, or the user may not list them.
    private async Task<BucketVersions?> TryListVersionsAsync(
        string prefix,
        string? continuation,
        CancellationToken cancellationToken
    )
    {
        if (Bucket is not IVersionedBucket bucket)
            return null;
        using var attempts = _requests.Begin();
        while (true)
            try
            {
                return await _requests
                    .OnceAsync(
                        clock => bucket.ListVersionsAsync(_prefix + prefix, continuation, clock.Token),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
            }
            catch (BucketException e) when (e.Failure == BucketFailure.Refused)
            {
                return null;
            }
            catch (BucketException e)
            {
                await attempts.FailedAsync(e, cancellationToken).ConfigureAwait(false);
            }
    }

    /// <inheritdoc/>
    public void Dispose() => Bucket.Dispose();

    /// <summary>Creates a key from a spooled file.</summary>
    internal async Task<bool> TryCreateAsync(string key, SpooledFile file, CancellationToken cancellationToken)
    {
        if (!StoreLayout.IsObject(key))
        {
            await _check.RunAsync(cancellationToken).ConfigureAwait(false);
            return await _uploader
                .TryPutAsync(_prefix + key, file, isObject: false, cancellationToken)
                .ConfigureAwait(false);
        }
        var creation = TryCreateObjectAsync(key, file, cancellationToken);
        return await _check.RunBesideAsync(creation, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> TryCreateObjectAsync(string key, SpooledFile file, CancellationToken cancellationToken)
    {
        // One request looks for the object itself. Parts would be sent in vain.
        if (
            _uploader.NeedsParts(file.Length)
            && await GetLengthAsync(key, cancellationToken).ConfigureAwait(false) == file.Length
        )
            return false;
        return await _uploader.TryPutInPartsAsync(_prefix + key, file, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Describes a key; null if it is missing.</summary>
    internal Task<BucketKey?> HeadAsync(string key, CancellationToken cancellationToken) =>
        _requests.RepeatAsync(clock => Bucket.HeadAsync(_prefix + key, clock.Token), cancellationToken);

    private async IAsyncEnumerable<BucketPage> PagesAsync(
        string prefix,
        bool folders,
        string? start,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string? continuation = null;
        do
        {
            var next = continuation;
            var page = await _requests
                .RepeatAsync(
                    clock => Bucket.ListAsync(_prefix + prefix, folders, start, next, clock.Token),
                    cancellationToken
                )
                .ConfigureAwait(false);
            yield return page;
            continuation = page.Continuation;
        } while (continuation is not null);
    }
}
