using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>
/// Fetches pages, checks them against their digests, and keeps the ones used last. A page is kept for the place it was
/// read from: one of the same digest elsewhere may say that its entries lie elsewhere, too. Safe for concurrent callers.
/// </summary>
public sealed class PageReader(ContentReader content)
{
    private const int KeptPages = 128;

    private readonly LinkedList<KeptPage> _recent = new();
    private readonly Dictionary<(Digest, PageLocation), LinkedListNode<KeptPage>> _kept = [];

    internal ContentReader Content { get; } = content;

    /// <exception cref="ObjectMissingException">The object that holds the page is gone.</exception>
    /// <exception cref="ObjectCorruptException">The bytes are not the page's.</exception>
    internal async ValueTask<ManifestPage> ReadAsync(TreePage treePage, CancellationToken cancellationToken)
    {
        if (treePage is UnstoredPage unstored)
            return unstored.Content;
        var reference = (PageReference)treePage;
        var place = (reference.Digest, PageLocation.Of(reference));
        if (FindKept(place) is not { } kept)
        {
            kept = await FetchAsync(reference, cancellationToken).ConfigureAwait(false);
            lock (_recent)
                Keep(place, kept.Actual, kept.Page);
        }
        return Checked(reference, kept.Actual, kept.Page);
    }

    /// <summary>Reads a page as it is in the store now, whatever is kept of it.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    internal async Task<ManifestPage> ReadStoredAsync(PageReference reference, CancellationToken cancellationToken)
    {
        var (actual, page) = await FetchAsync(reference, cancellationToken).ConfigureAwait(false);
        return Checked(reference, actual, page);
    }

    private ManifestPage Checked(PageReference reference, TreePage actual, ManifestPage page)
    {
        // What a page above says of one below is not covered by the digest of the one below. Since each has its one first
        // path it can stand in one place only, and so none is read again and again. A catalog tells no first path.
        if (
            actual.Level != reference.Level
            || actual.Digest != reference.Digest
            || actual.EntryCount != reference.EntryCount
            || actual.TotalSize != reference.TotalSize
            || reference.First != default && actual.First != reference.First
        )
            throw Corrupt(reference, $"what is there is not page {reference.Digest}");
        return page;
    }

    private (TreePage Actual, ManifestPage Page)? FindKept((Digest, PageLocation) place)
    {
        lock (_recent)
        {
            if (!_kept.TryGetValue(place, out var node))
                return null;
            _recent.Remove(node);
            _recent.AddFirst(node);
            return (node.Value.Actual, node.Value.Page);
        }
    }

    private async Task<(TreePage Actual, ManifestPage Page)> FetchAsync(
        PageReference reference,
        CancellationToken cancellationToken
    )
    {
        var source = reference.Location.Object;
        var bytes = await Content
            .ReadBytesAsync(source, reference.Location.Offset, reference.Length, cancellationToken)
            .ConfigureAwait(false);
        ManifestPage page;
        TreePage actual;
        try
        {
            page = PageFormat.Decode(bytes, source);
            actual = page.ToUnstoredPage();
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            throw Corrupt(reference, e.Message);
        }
        return (actual, page);
    }

    /// <summary>A page isn't as it must be.</summary>
    internal ObjectCorruptException Corrupt(PageReference reference, string what) =>
        new(
            Content.Store.Location,
            reference.Location.Object.Key,
            $"the manifest page at byte {reference.Location.Offset} can't be read ({what})"
        );

    private void Keep((Digest, PageLocation) place, TreePage actual, ManifestPage page)
    {
        if (_kept.ContainsKey(place))
            return;
        _kept.Add(place, _recent.AddFirst(new KeptPage(place, actual, page)));
        if (_kept.Count <= KeptPages)
            return;
        _kept.Remove(_recent.Last!.Value.Place);
        _recent.RemoveLast();
    }

    private readonly record struct KeptPage((Digest, PageLocation) Place, TreePage Actual, ManifestPage Page);
}
