using System.Runtime.CompilerServices;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Applies a stream of changes to a stream of entries.</summary>
internal static class ManifestOverlay
{
    /// <summary>Streams the entries as they are with the changes, in the order of paths.</summary>
    /// <param name="entries">In the order of paths.</param>
    /// <param name="changes">In the order of paths, each path once.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static async IAsyncEnumerable<ManifestEntry> EntriesAsync(
        IAsyncEnumerable<ManifestEntry> entries,
        IAsyncEnumerable<EntryChange> changes,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var next = changes.GetAsyncEnumerator(cancellationToken);
        await using (next.ConfigureAwait(false))
        {
            var more = await next.MoveNextAsync().ConfigureAwait(false);
            await foreach (var entry in entries.ConfigureAwait(false))
            {
                for (; more && next.Current.Path < entry.Path; more = await next.MoveNextAsync().ConfigureAwait(false))
                    if (next.Current.Entry is { } added)
                        yield return added;
                if (!more || next.Current.Path != entry.Path)
                    yield return entry;
                else
                {
                    if (next.Current.Entry is { } changed)
                        yield return changed;
                    more = await next.MoveNextAsync().ConfigureAwait(false);
                }
            }
            for (; more; more = await next.MoveNextAsync().ConfigureAwait(false))
                if (next.Current.Entry is { } added)
                    yield return added;
        }
    }
}
