using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Records;

internal static class ListingAfter
{
    public static Task<DateTimeOffset> GetTimeAsync(this IObjectStore store, CancellationToken cancellationToken) =>
        Task.FromResult(DateTimeOffset.UtcNow);

    public static async IAsyncEnumerable<StoredKey> ListAsync(
        this IObjectStore store,
        string prefix,
        string after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var key in store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            if (string.CompareOrdinal(key.Key, after) > 0)
                yield return key;
    }
}
