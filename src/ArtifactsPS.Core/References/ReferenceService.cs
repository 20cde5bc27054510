using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Remote;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>
/// Service that has targets of references. Requests have the time limits and the retries of stores. Errors name the target. Safe for
/// concurrent callers.
/// </summary>
/// <param name="name">Name of the service, for progress.</param>
/// <param name="source">Sends single requests; owned by the caller.</param>
public sealed class ReferenceService(string name, IReferenceSource source, RequestLimits limits) : IRetryingStore
{
    // Requests to one service share what is known about an outage.
    private readonly Outage _outage = new(name, limits);

    /// <inheritdoc/>
    public StoreWait? Wait => _outage.Wait;

    /// <inheritdoc/>
    public void RestartRetries() => _outage.Restart();

    /// <summary>Describes a target.</summary>
    /// <returns>Null if the target is missing.</returns>
    /// <exception cref="ReferenceAccessDeniedException">The service or the rules for hosts refuse it.</exception>
    /// <exception cref="ReferenceUnavailableException">The service did not answer.</exception>
    public Task<TargetProperties?> ProbeAsync(NamedTarget target, CancellationToken cancellationToken) =>
        CallAsync(target, token => source.ProbeAsync(target.Uri, target.VersionId, token), cancellationToken);

    /// <summary>Lists a page of the targets below a prefix.</summary>
    /// <returns>Null if the service can't list targets, or not this part.</returns>
    /// <inheritdoc cref="ProbeAsync"/>
    public Task<TargetPage?> ListAsync(
        NamedTarget prefix,
        TargetListing listing,
        CancellationToken cancellationToken
    ) => CallAsync(prefix, token => source.ListAsync(prefix.Uri, listing, token), cancellationToken);

    /// <summary>Opens the bytes of a target. Reading resumes after a broken connection.</summary>
    /// <param name="isChecked">Whether the caller checks a digest of all bytes, so that reading can also be resumed where the
    /// service doesn't report whether the target is still the same.</param>
    /// <returns>Null if the target is missing.</returns>
    /// <inheritdoc cref="ProbeAsync"/>
    internal async Task<TargetStream?> OpenAsync(
        NamedTarget target,
        bool isChecked,
        CancellationToken cancellationToken
    )
    {
        var first = await CallAsync(target, token => OpenOnceAsync(target, 0, token), cancellationToken)
            .ConfigureAwait(false);
        return first is null ? null : new TargetStream(this, target, first, isChecked);
    }

    internal async Task<TargetRead?> OpenOnceAsync(NamedTarget target, long offset, CancellationToken cancellationToken)
    {
        var read = await source
            .OpenAsync(target.Uri, target.VersionId, offset, cancellationToken)
            .ConfigureAwait(false);
        if (read is null || read.Offset == 0 || read.Offset == offset)
            return read;
        read.Stream.Dispose();
        throw new BucketException(BucketFailure.Refused, "the service sent other bytes than those requested.");
    }

    internal BucketRequests RequestsFor(NamedTarget target) =>
        new(
            name,
            limits,
            (what, inner) => new ReferenceUnavailableException(target.Item, target.Uri, what, inner),
            _outage
        );

    private async Task<T?> CallAsync<T>(
        NamedTarget target,
        Func<CancellationToken, Task<T?>> call,
        CancellationToken cancellationToken
    )
        where T : class
    {
        // A refusal is an answer: it ends an outage, and is not sent again.
        var (answer, refusal) = await RequestsFor(target)
            .RepeatAsync<(T? Answer, string? Refusal)>(
                async clock =>
                {
                    try
                    {
                        return (await call(clock.Token).ConfigureAwait(false), null);
                    }
                    catch (TargetDeniedException e)
                    {
                        return (null, e.Message);
                    }
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return refusal is null ? answer : throw new ReferenceAccessDeniedException(target.Item, target.Uri, refusal);
    }
}

/// <summary>Target of a reference.</summary>
/// <param name="Item">Item that errors name: the path of the entry, or the URI where there is no entry yet.</param>
/// <param name="Uri">Absolute URI.</param>
/// <param name="VersionId">Version of the target; null for the current one.</param>
public readonly record struct NamedTarget(string Item, string Uri, string? VersionId = null)
{
    /// <summary>Names a target by its URI.</summary>
    public static NamedTarget Of(string uri) => new(uri, uri);
}
