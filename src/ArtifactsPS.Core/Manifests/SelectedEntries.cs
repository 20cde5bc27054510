using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Entries that at least one of several selectors selects, each once, in path order. A selector's pages are read only
/// when the listing has reached its prefix.</summary>
internal sealed class SelectedEntries(Manifest manifest, IEnumerable<EntrySelector> selectors)
{
    private readonly List<EntrySelector> _waiting =
    [
        .. selectors.OrderBy(
            selector => selector.Prefix,
            Comparer<string>.Create((left, right) => EntryPath.Compare(left, right))
        ),
    ];

    public async IAsyncEnumerable<ManifestEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Listings that have an entry.
        var open = new List<IAsyncEnumerator<ManifestEntry>>();
        var next = 0;
        try
        {
            while (true)
            {
                while (next < _waiting.Count && (open.Count == 0 || IsReached(_waiting[next], First(open))))
                {
                    var opened = Listing(_waiting[next++], cancellationToken);
                    open.Add(opened);
                    await MoveAsync(open, opened).ConfigureAwait(false);
                }
                if (open.Count == 0)
                    yield break;
                var entry = First(open);
                yield return entry;
                for (var i = open.Count - 1; i >= 0; i--)
                    if (open[i].Current.Path == entry.Path)
                        await MoveAsync(open, open[i]).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (var listing in open)
                await listing.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerator<ManifestEntry> Listing(EntrySelector selector, CancellationToken cancellationToken)
    {
        await foreach (var entry in manifest.EntriesAsync(selector.Prefix, cancellationToken).ConfigureAwait(false))
            if (selector.Matches(entry.Path))
                yield return entry;
    }

    private static async Task MoveAsync(
        List<IAsyncEnumerator<ManifestEntry>> open,
        IAsyncEnumerator<ManifestEntry> listing
    )
    {
        if (await listing.MoveNextAsync().ConfigureAwait(false))
            return;
        open.Remove(listing);
        await listing.DisposeAsync().ConfigureAwait(false);
    }

    private static bool IsReached(EntrySelector selector, ManifestEntry entry) =>
        EntryPath.Compare(selector.Prefix, entry.Path.ToString()) <= 0;

    private static ManifestEntry First(List<IAsyncEnumerator<ManifestEntry>> open)
    {
        var first = open[0].Current;
        for (var i = 1; i < open.Count; i++)
            if (open[i].Current.Path < first.Path)
                first = open[i].Current;
        return first;
    }
}
