using System.Runtime.ExceptionServices;
using ArtifactsPS.Core.Concurrency;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Upload of a value in parts. Not safe for concurrent callers.</summary>
/// <param name="transfers">Limits the number of parts that are sent at once.</param>
/// <param name="location">Location of the store.</param>
internal sealed class PartsUpload(
    IBucket bucket,
    BucketRequests requests,
    SemaphoreSlim transfers,
    string location,
    CancellationToken cancellationToken
) : IDisposable
{
    // Time to drop the parts. Later, a clean-up drops them.
    private static readonly TimeSpan DropLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DropLimitWhenStopped = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly List<Task<string>> _parts = [];
    private Exception? _failure;
    private string _upload = "";

    // Parts of a continued upload; null for an upload of this process.
    private IReadOnlyDictionary<int, BucketPart>? _received;
    private long _length;

    // Null for a service that shows the bytes of parts.
    private SentParts? _sent;

    /// <summary>Cancelled when the upload is cancelled, or a part failed.</summary>
    public CancellationToken Token => _stop.Token;

    public required string Key { get; init; }

    public required string Writer { get; init; }

    public bool IsBegun => _upload.Length > 0;

    /// <summary>Starts the upload, or continues one that a killed process has begun: the parts that the service has are not sent
    /// again.</summary>
    /// <param name="resumes">Whether to look for such an upload.</param>
    public async Task BeginAsync(bool resumes)
    {
        if (resumes && await FindAsync().ConfigureAwait(false) is { } found)
            (_upload, _received) = (found.Upload, found.Parts);
        else
            _upload = await requests
                .RepeatAsync(clock => bucket.BeginPartsAsync(Key, Writer, clock.Token), Token)
                .ConfigureAwait(false);
        if (resumes && !bucket.Limits.ShowsParts)
            _sent = SentParts.Of(location, Key, _upload);
    }

    /// <summary>Starts sending the next part. The caller has entered the transfer limit; this releases it once the part is sent.</summary>
    /// <param name="length">Length of the part in bytes.</param>
    /// <param name="open">Opens the bytes of the part for each attempt.</param>
    /// <param name="sent">Called when nothing reads the bytes any more. Not called if an abandoned attempt may still read them.</param>
    public void Send(long length, Func<Stream> open, Action? sent = null) =>
        Start(
            length,
            async (number, clock) =>
            {
                using var bytes = open();
                if (
                    _received is not null
                    && _received.TryGetValue(number, out var part)
                    && part.Length == length
                    && (
                        bucket.HasBytes(part, clock.Watch(bytes))
                        || _sent?.Has(number, part.Id, clock.Watch(bytes)) == true
                    )
                )
                    return part.Id;
                var id =
                    await bucket
                        .PutPartAsync(Key, _upload, number, clock.Watch(bytes), clock.Token)
                        .ConfigureAwait(false)
                    ?? throw new UploadGoneException();
                // The SDK may have closed the stream.
                if (_sent is not null)
                    using (var again = open())
                        _sent.Add(number, id, again);
                return id;
            },
            sent
        );

    /// <summary>Starts copying the next part from another key, with a <see cref="NotSupportedException"/> as the failure if
    /// the service can't. The caller has entered the transfer limit, as for <see cref="Send"/>.</summary>
    public void SendCopy(BucketKey source, long offset, long length) =>
        Start(
            length,
            async (number, clock) =>
                await bucket
                    .CopyPartAsync(source, offset, length, Key, _upload, number, clock.Token)
                    .ConfigureAwait(false)
                ?? throw new NotSupportedException("The service can't copy parts."),
            sent: null
        );

    /// <summary>Waits for all parts and creates the key from them. A value of another length is damaged, and is
    /// replaced.</summary>
    /// <returns>True if this call created the key.</returns>
    public async Task<bool> CompleteAsync()
    {
        var parts = await Task.WhenAll(_parts).ConfigureAwait(false);
        using var attempts = requests.Begin();
        var replaces = false;
        while (true)
        {
            var isUnknown = false;
            try
            {
                if (
                    await requests
                        .OnceAsync(
                            clock => bucket.TryCompletePartsAsync(Key, _upload, parts, Writer, replaces, clock.Token),
                            Token
                        )
                        .ConfigureAwait(false)
                )
                {
                    _sent?.Delete();
                    return true;
                }
                isUnknown = true;
            }
            catch (BucketException e)
            {
                await attempts.FailedAsync(e, Token).ConfigureAwait(false);
            }
            var found = await requests
                .RepeatAsync(clock => bucket.HeadAsync(Key, clock.Token), Token)
                .ConfigureAwait(false);
            if (found is not null && (found.Length == _length || found.Writer == Writer))
            {
                _sent?.Delete();
                return found.Writer == Writer;
            }
            if (found is not null && !replaces)
                replaces = true;
            else if (isUnknown)
                await attempts
                    .FailedAsync(
                        new BucketException(
                            BucketFailure.Refused,
                            "the partial upload is gone; a clean-up without a grace period may have "
                                + "dropped it. Run the command again."
                        ),
                        Token
                    )
                    .ConfigureAwait(false);
        }
    }

    /// <summary>First failure of a part; null if there is none.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Cancelled by the caller only.</summary>
    public CancellationToken CallerToken => cancellationToken;

    /// <summary>Throws the first failure of a part, if any; not the cancellations that it caused.</summary>
    public void ThrowFailure()
    {
        if (Failure is { } failure)
            ExceptionDispatchInfo.Capture(failure).Throw();
    }

    /// <summary>Stops sending and drops the sent parts, if the service answers in time. Never throws.</summary>
    public async Task DropAsync()
    {
        _stop.CancelNow();
        var dropping = Task.Run(DropPartsAsync, CancellationToken.None);
        var patience = cancellationToken.IsCancellationRequested ? DropLimitWhenStopped : DropLimit;
        await Task.WhenAny(dropping, Delay.ForAsync(patience, requests.Time, CancellationToken.None))
            .ConfigureAwait(false);
    }

    public void Dispose() => _stop.Dispose();

    private async Task DropPartsAsync()
    {
        // Waits for parts that are being sent, which could arrive after the deletion.
        await Task.WhenAll(_parts.Select(part => Task.WhenAny(part))).ConfigureAwait(false);
        // Another process may still be sending parts of a continued upload.
        if (!IsBegun || _received is not null)
            return;
        _sent?.Delete();
        try
        {
            await requests
                .OnceAsync(clock => bucket.AbortPartsAsync(Key, _upload, clock.Token), CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (BucketException)
        {
            // Optimize-ArtifactStore drops them later.
        }
    }

    // Continuing is only worthwhile, so a user who may not list uploads starts again.
    private async Task<BucketParts?> FindAsync()
    {
        try
        {
            return await requests
                .OnceAsync(clock => bucket.FindPartsAsync(Key, clock.Token), Token)
                .ConfigureAwait(false);
        }
        catch (BucketException)
        {
            return null;
        }
    }

    private void Start(long length, Func<int, RequestClock, Task<string>> send, Action? sent)
    {
        _length += length;
        var number = _parts.Count + 1;
        _parts.Add(Task.Run(() => SendAsync(clock => send(number, clock), sent), CancellationToken.None));
    }

    private async Task<string> SendAsync(Func<RequestClock, Task<string>> send, Action? sent)
    {
        try
        {
            var attempts = 0;
            var part = await requests
                .RepeatAsync(
                    clock =>
                    {
                        attempts++;
                        return send(clock);
                    },
                    Token
                )
                .ConfigureAwait(false);
            if (attempts == 1)
                sent?.Invoke();
            return part;
        }
        catch (Exception e)
        {
            // A cancellation, by another part's failure or by the caller, is not the cause.
            if (!Token.IsCancellationRequested)
                Interlocked.CompareExchange(ref _failure, e, null);
            _stop.CancelNow();
            throw;
        }
        finally
        {
            transfers.Release();
        }
    }
}

/// <summary>An upload is unknown: another process completed or dropped it.</summary>
internal sealed class UploadGoneException : Exception;
