using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Benchmarks.Writers;

/// <summary>A store that delays and counts each request, as if to a remote service.</summary>
/// <param name="latency">Typical duration of a request. One in fifty takes five times as long.</param>
internal sealed class LatentStore(IObjectStore inner, TimeSpan latency) : IObjectStore
{
    private const int SlowOneIn = 50;
    private const int SlowFactor = 5;

    private long _requests;

    public string Location => inner.Location;

    /// <summary>Number of requests so far.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        await DelayAsync(cancellationToken).ConfigureAwait(false);
        return await inner.TryCreateAsync(key, value, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        await DelayAsync(cancellationToken).ConfigureAwait(false);
        return await inner.OpenReadAsync(key, offset, length, cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> ExistsAsync(string key, CancellationToken cancellationToken)
    {
        await DelayAsync(cancellationToken).ConfigureAwait(false);
        return await inner.ExistsAsync(key, cancellationToken).ConfigureAwait(false);
    }

    public async Task<long?> GetLengthAsync(string key, CancellationToken cancellationToken)
    {
        await DelayAsync(cancellationToken).ConfigureAwait(false);
        return await inner.GetLengthAsync(key, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<StoredKey> ListAsync(
        string prefix,
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await DelayAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var key in inner.ListAsync(prefix, after, cancellationToken).ConfigureAwait(false))
            yield return key;
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await DelayAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var name in inner.ListFoldersAsync(prefix, cancellationToken).ConfigureAwait(false))
            yield return name;
    }

    public async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        await DelayAsync(cancellationToken).ConfigureAwait(false);
        return await inner.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
    }

    public bool MovesAtomically => inner.MovesAtomically;

    public async Task<bool> TryMoveAsync(string key, string target, CancellationToken cancellationToken)
    {
        await DelayAsync(cancellationToken).ConfigureAwait(false);
        return await inner.TryMoveAsync(key, target, cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> TryCopyAsync(string key, string target, CancellationToken cancellationToken)
    {
        await DelayAsync(cancellationToken).ConfigureAwait(false);
        return await inner.TryCopyAsync(key, target, cancellationToken).ConfigureAwait(false);
    }

    public async Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken)
    {
        await DelayAsync(cancellationToken).ConfigureAwait(false);
        return await inner.GetTimeAsync(cancellationToken).ConfigureAwait(false);
    }

    // Staged bytes stay on the writer's machine.
    public async Task<IStagedObject> StageAsync(CancellationToken cancellationToken) =>
        new Staged(this, await inner.StageAsync(cancellationToken).ConfigureAwait(false));

    private Task DelayAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        var factor = Random.Shared.Next(SlowOneIn) == 0 ? SlowFactor : 0.5 + Random.Shared.NextDouble();
        return Task.Delay(latency * factor, cancellationToken);
    }

    private sealed class Staged(LatentStore store, IStagedObject inner) : IStagedObject
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            inner.WriteAsync(bytes, cancellationToken);

        public async ValueTask<bool> CommitAsync(string key, CancellationToken cancellationToken)
        {
            await store.DelayAsync(cancellationToken).ConfigureAwait(false);
            return await inner.CommitAsync(key, cancellationToken).ConfigureAwait(false);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
