using ArtifactsPS.Content;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Manifests;

/// <summary>Fetches pages, checks them against their digests, and keeps the ones used last. Safe for concurrent callers.</summary>
public sealed class PageReader(ContentReader content)
{
    private const int KeptPages = 128;

    private readonly LinkedList<(PageReference Actual, ManifestPage Page)> _recent = new();
    private readonly Dictionary<Digest, LinkedListNode<(PageReference Actual, ManifestPage Page)>> _kept = [];

    internal ContentReader Content { get; } = content;

    /// <exception cref="ObjectMissingException">The object that holds the page is gone.</exception>
    /// <exception cref="ObjectCorruptException">The bytes are not the page's.</exception>
    internal async ValueTask<ManifestPage> ReadAsync(PageReference reference, CancellationToken cancellationToken)
    {
        if (reference.Unwritten is { } unwritten)
            return unwritten;
        var (actual, page) =
            FindKept(reference.Digest) ?? await FetchAsync(reference, cancellationToken).ConfigureAwait(false);
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

    private (PageReference Actual, ManifestPage Page)? FindKept(Digest digest)
    {
        lock (_recent)
        {
            if (!_kept.TryGetValue(digest, out var node))
                return null;
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value;
        }
    }

    private async Task<(PageReference Actual, ManifestPage Page)> FetchAsync(
        PageReference reference,
        CancellationToken cancellationToken
    )
    {
        var source = reference.Location.Object!;
        var bytes = await Content
            .ReadBytesAsync(source, reference.Location.Offset, reference.Length, cancellationToken)
            .ConfigureAwait(false);
        ManifestPage page;
        PageReference actual;
        try
        {
            page = PageFormat.Decode(bytes, source);
            actual = page.ToReference();
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            throw Corrupt(reference, e.Message);
        }
        lock (_recent)
            Keep(actual, page);
        return (actual, page);
    }

    /// <summary>A page isn't as it must be.</summary>
    internal ObjectCorruptException Corrupt(PageReference reference, string what) =>
        new(
            Content.Store.Location,
            reference.Location.Object!.Key,
            $"the manifest page at byte {reference.Location.Offset} can't be read ({what})"
        );

    private void Keep(PageReference actual, ManifestPage page)
    {
        if (_kept.ContainsKey(actual.Digest))
            return;
        _kept.Add(actual.Digest, _recent.AddFirst((actual, page)));
        if (_kept.Count <= KeptPages)
            return;
        _kept.Remove(_recent.Last!.Value.Actual.Digest);
        _recent.RemoveLast();
    }
}
