using System.Runtime.ExceptionServices;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>A value on its way in parts. Not for concurrent callers.</summary>
/// <param name="bucket">Where to.</param>
/// <param name="requests">Calls it.</param>
/// <param name="transfers">What limits how many parts are on their way.</param>
/// <param name="cancellationToken">Stops the upload.</param>
internal sealed class PartsUpload(
    IBucket bucket,
    BucketRequests requests,
    SemaphoreSlim transfers,
    CancellationToken cancellationToken
) : IDisposable
{
    // A service that doesn't answer any more is not asked for long to forget the parts: a clean-up will.
    private static readonly TimeSpan DropLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DropLimitWhenStopped = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly List<Task<string>> _parts = [];
    private Exception? _failure;
    private string _upload = "";

    /// <summary>Cancelled when the upload is stopped, or a part failed.</summary>
    public CancellationToken Token => _stop.Token;

    public required string Key { get; init; }

    public required string Writer { get; init; }

    public bool IsBegun => _upload.Length > 0;

    public async Task BeginAsync() =>
        _upload = await requests
            .RepeatAsync(clock => bucket.BeginPartsAsync(Key, Writer, clock.Token), Token)
            .ConfigureAwait(false);

    /// <summary>Begins to send the next part. The caller has taken a transfer, which is given back once it is sent.</summary>
    /// <param name="open">Opens its bytes, again for each attempt.</param>
    /// <param name="sent">Called when nothing reads the bytes any more; not if that isn't sure.</param>
    public void Send(Func<Stream> open, Action? sent = null)
    {
        var number = _parts.Count + 1;
        _parts.Add(Task.Run(() => SendAsync(number, open, sent), CancellationToken.None));
    }

    /// <summary>Waits for all parts and makes them the key's value.</summary>
    /// <returns>True when this call created the key.</returns>
    public async Task<bool> CompleteAsync()
    {
        var parts = await Task.WhenAll(_parts).ConfigureAwait(false);
        var attempts = requests.Begin();
        while (true)
        {
            var isUnknown = false;
            try
            {
                if (
                    await requests
                        .OnceAsync(
                            clock => bucket.TryCompletePartsAsync(Key, _upload, parts, Writer, clock.Token),
                            Token
                        )
                        .ConfigureAwait(false)
                )
                    return true;
                isUnknown = true;
            }
            catch (BucketException e)
            {
                await attempts.FailedAsync(e, Token).ConfigureAwait(false);
            }
            var found = await requests
                .RepeatAsync(clock => bucket.HeadAsync(Key, clock.Token), Token)
                .ConfigureAwait(false);
            if (found is not null)
                return found.Writer == Writer;
            if (isUnknown)
                await attempts
                    .FailedAsync(
                        new BucketException(
                            BucketFailure.Refused,
                            "it knows nothing any more of what was being sent to it; a clean-up without a grace period may have "
                                + "dropped it. Run the command again."
                        ),
                        Token
                    )
                    .ConfigureAwait(false);
        }
    }

    /// <summary>Throws why the upload failed, if it did: the first failure, not that others were stopped by it.</summary>
    public void ThrowFailure()
    {
        if (Volatile.Read(ref _failure) is { } failure)
            ExceptionDispatchInfo.Capture(failure).Throw();
    }

    /// <summary>Stops sending and drops what was sent, if the service still listens. Never fails.</summary>
    public async Task DropAsync()
    {
#pragma warning disable CA1849, S6966, VSTHRD103 // CancelAsync is not there on netstandard2.0.
        _stop.Cancel();
#pragma warning restore CA1849, S6966, VSTHRD103
        var dropping = Task.Run(DropPartsAsync, CancellationToken.None);
        var patience = cancellationToken.IsCancellationRequested ? DropLimitWhenStopped : DropLimit;
        await Task.WhenAny(dropping, Task.Delay(patience, CancellationToken.None)).ConfigureAwait(false);
    }

    public void Dispose() => _stop.Dispose();

    private async Task DropPartsAsync()
    {
        // A part that is still on its way could come after.
        await Task.WhenAll(_parts.Select(part => Task.WhenAny(part))).ConfigureAwait(false);
        if (!IsBegun)
            return;
        try
        {
            await requests
                .OnceAsync(clock => bucket.AbortPartsAsync(Key, _upload, clock.Token), CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (BucketException)
        {
            // What stays behind is what Optimize-ArtifactStore looks for.
        }
    }

    private async Task<string> SendAsync(int number, Func<Stream> open, Action? sent)
    {
        try
        {
            var attempts = 0;
            var part = await requests
                .RepeatAsync(
                    async clock =>
                    {
                        attempts++;
                        using var bytes = open();
                        return await bucket
                            .PutPartAsync(Key, _upload, number, clock.Watch(bytes), clock.Token)
                            .ConfigureAwait(false);
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
            // That it was stopped, by another part's failure or from outside, is no reason.
            if (!Token.IsCancellationRequested)
                Interlocked.CompareExchange(ref _failure, e, null);
#pragma warning disable CA1849, S6966, VSTHRD103 // CancelAsync is not there on netstandard2.0.
            _stop.Cancel();
#pragma warning restore CA1849, S6966, VSTHRD103
            throw;
        }
        finally
        {
            transfers.Release();
        }
    }
}
