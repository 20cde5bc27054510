using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>
/// Targets of references in a bucket, at <c>scheme://root/key?versionId=…</c>, which an SDK requests. Decides what is equal for all
/// kinds of bucket: missing targets, offsets behind the end, and listings without versions where these can't be listed.
/// </summary>
/// <typeparam name="TClient">Client of the SDK.</typeparam>
public abstract class BucketReferenceSource<TClient> : IReferenceSource
{
    // Continuations of the two kinds of listing.
    private const char OfVersions = 'v';
    private const char OfCurrent = 'c';

    // Set when this user or the service can't list versions.
    private volatile bool _listsCurrentOnly;

    /// <inheritdoc/>
    public Task<TargetProperties?> ProbeAsync(string uri, string? versionId, CancellationToken cancellationToken)
    {
        var target = Parse(uri);
        return target.Key.Length == 0
            ? Task.FromResult<TargetProperties?>(null)
            : SendAsync(client => FindAsync(client, target.Key, versionId ?? target.VersionId, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<TargetRead?> OpenAsync(string uri, string? versionId, long offset, CancellationToken cancellationToken)
    {
        var target = Parse(uri);
        var version = versionId ?? target.VersionId;
        if (target.Key.Length == 0)
            return Task.FromResult<TargetRead?>(null);
        return SendAsync(async client =>
        {
            try
            {
                return (TargetRead?)
                    await ReadAsync(client, target.Key, version, offset, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsMissing(e))
            {
                return null;
            }
            catch (Exception e) when (IsBehindEnd(e))
            {
                // The target is not longer. The answer doesn't describe it.
                return
                    await FindAsync(client, target.Key, version, cancellationToken).ConfigureAwait(false) is { } found
                    ? new TargetRead
                    {
                        Stream = Stream.Null,
                        Properties = found,
                        Offset = offset,
                    }
                    : null;
            }
        });
    }

    /// <inheritdoc/>
    public Task<TargetPage?> ListAsync(string uri, TargetListing listing, CancellationToken cancellationToken)
    {
        if (listing.After is not null && !ListsFromKeys)
            return Task.FromResult<TargetPage?>(null);
        var prefix = Parse(uri);
        if (prefix.VersionId is not null)
            throw new InvalidReferenceException(uri, "Leave out the versionId of a prefix");
        var isFirst = listing.Continuation is null;
        var continued = listing with { Continuation = listing.Continuation?.Substring(1) };
        return SendAsync(async client =>
        {
            if (isFirst ? !_listsCurrentOnly : listing.Continuation![0] == OfVersions)
                try
                {
                    return await ListAsync(OfVersions).ConfigureAwait(false);
                }
                catch (Exception e) when (isFirst && MayListCurrent(e))
                {
                    _listsCurrentOnly = true;
                }
            return await ListAsync(OfCurrent).ConfigureAwait(false);

            async Task<TargetPage?> ListAsync(char kind)
            {
                var page = await this.ListAsync(client, prefix, continued, kind == OfVersions, cancellationToken)
                    .ConfigureAwait(false);
                return page.Continuation is { } next ? page with { Continuation = kind + next } : page;
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether a listing can begin at a key, and has its keys in the order of their UTF-8 bytes.</summary>
    protected virtual bool ListsFromKeys => true;

    /// <summary>Parses a URI, whose root names the bucket.</summary>
    /// <exception cref="InvalidReferenceException">It is invalid.</exception>
    protected abstract BucketUri Parse(string uri);

    /// <summary>Calls the SDK, and translates its exceptions.</summary>
    protected abstract Task<T> SendAsync<T>(Func<TClient, Task<T>> request);

    /// <summary>Describes a target. Fails if it is missing.</summary>
    protected abstract Task<TargetProperties> DescribeAsync(
        TClient client,
        string key,
        string? versionId,
        CancellationToken cancellationToken
    );

    /// <summary>Opens the bytes of a target from an offset on. Fails if it is missing.</summary>
    protected abstract Task<TargetRead> ReadAsync(
        TClient client,
        string key,
        string? versionId,
        long offset,
        CancellationToken cancellationToken
    );

    /// <summary>Lists a page of the current targets below a prefix.</summary>
    /// <param name="hasVersions">Whether the targets have version ids. The service may refuse this.</param>
    protected abstract Task<TargetPage> ListAsync(
        TClient client,
        BucketUri prefix,
        TargetListing listing,
        bool hasVersions,
        CancellationToken cancellationToken
    );

    /// <summary>Whether an exception of the SDK means that the target is missing.</summary>
    protected abstract bool IsMissing(Exception exception);

    /// <summary>Whether an exception of the SDK means that the offset is behind the end of the target.</summary>
    protected abstract bool IsBehindEnd(Exception exception);

    /// <summary>Whether a listing without versions may succeed after an exception of the SDK.</summary>
    protected abstract bool MayListCurrent(Exception exception);

    protected virtual void Dispose(bool disposing) { }

    /// <summary>Creates properties from what a service reports.</summary>
    /// <param name="tag">ETag, with or without quotes.</param>
    protected static TargetProperties PropertiesOf(long? size, string? tag, string? versionId) =>
        new()
        {
            Size = size,
            ETag = tag?.Replace("\"", "") is { Length: > 0 } plain ? plain : null,
            VersionId = versionId is { Length: > 0 } ? versionId : null,
        };

    /// <summary>Creates a listed target; null for an empty one that a tool has created as a folder.</summary>
    protected static ListedTarget? TargetOf(BucketUri prefix, string key, TargetProperties properties) =>
        properties.Size is null or 0 && key.EndsWith("/", StringComparison.Ordinal)
            ? null
            : new ListedTarget(prefix.With(key), key.Substring(prefix.Key.Length), properties);

    /// <summary>Creates folders from their keys.</summary>
    protected static IReadOnlyList<TargetFolder> FoldersOf(BucketUri prefix, IEnumerable<string> keys) =>
        [.. keys.Select(key => new TargetFolder(prefix.With(key), key.Substring(prefix.Key.Length)))];

    private async Task<TargetProperties?> FindAsync(
        TClient client,
        string key,
        string? versionId,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await DescribeAsync(client, key, versionId, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsMissing(e))
        {
            return null;
        }
    }
}
