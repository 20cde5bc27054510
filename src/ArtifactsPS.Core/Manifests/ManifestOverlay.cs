using System.Runtime.CompilerServices;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Applies a stream of changes to a stream of entries.</summary>
internal static class ManifestOverlay
{
    /// <summary>Streams the entries after the changes, in path order.</summary>
    /// <param name="entries">Sorted by path.</param>
    /// <param name="changes">Sorted by path, each path once.</param>
    public static async IAsyncEnumerable<ManifestEntry> EntriesAsync(
        IAsyncEnumerable<ManifestEntry> entries,
        IAsyncEnumerable<EntryChange> changes,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var next = changes.GetAsyncEnumerator(cancellationToken);
        await using (next.ConfigureAwait(false))
        {
            var hasNext = await next.MoveNextAsync().ConfigureAwait(false);
            await foreach (var entry in entries.ConfigureAwait(false))
            {
                for (
                    ;
                    hasNext && next.Current.Path < entry.Path;
                    hasNext = await next.MoveNextAsync().ConfigureAwait(false)
                )
                    if (next.Current.Entry is { } added)
                        yield return added;
                if (!hasNext || next.Current.Path != entry.Path)
                    yield return entry;
                else
                {
                    if (next.Current.Entry is { } changed)
                        yield return changed;
                    hasNext = await next.MoveNextAsync().ConfigureAwait(false);
                }
            }
            for (; hasNext; hasNext = await next.MoveNextAsync().ConfigureAwait(false))
                if (next.Current.Entry is { } added)
                    yield return added;
        }
    }
}
