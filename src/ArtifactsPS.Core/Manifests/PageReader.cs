using ArtifactsPS.Content;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Manifests;

/// <summary>Fetches pages, checks them against their digests, and keeps the ones used last. Safe for concurrent callers.</summary>
public sealed class PageReader(ContentReader content)
{
    private const int KeptPages = 128;

    private readonly LinkedList<(Digest Digest, ManifestPage Page)> _recent = new();
    private readonly Dictionary<Digest, LinkedListNode<(Digest Digest, ManifestPage Page)>> _kept = [];

    internal ContentReader Content { get; } = content;

    /// <exception cref="ObjectMissingException">The object that holds the page is gone.</exception>
    /// <exception cref="ObjectCorruptException">The bytes are not the page's.</exception>
    internal async ValueTask<ManifestPage> ReadAsync(PageReference reference, CancellationToken cancellationToken)
    {
        if (reference.Unwritten is { } unwritten)
            return unwritten;
        lock (_recent)
            if (_kept.TryGetValue(reference.Digest, out var node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Page;
            }
        var page = await FetchAsync(reference, cancellationToken).ConfigureAwait(false);
        lock (_recent)
            Keep(reference.Digest, page);
        return page;
    }

    private async Task<ManifestPage> FetchAsync(PageReference reference, CancellationToken cancellationToken)
    {
        var source = reference.Location.Object!;
        var bytes = await Content
            .ReadBytesAsync(source, reference.Location.Offset, reference.Length, cancellationToken)
            .ConfigureAwait(false);
        ManifestPage page;
        try
        {
            page = PageFormat.Decode(bytes, source);
        }
        catch (InvalidDataException e)
        {
            throw Corrupt(reference, e.Message);
        }
        if (page.Level != reference.Level || PageDigest.Of(page) != reference.Digest)
            throw Corrupt(reference, $"what is there is not page {reference.Digest}");
        return page;
    }

    private ObjectCorruptException Corrupt(PageReference reference, string what) =>
        new(
            Content.Store.Location,
            reference.Location.Object!.Key,
            $"the manifest page at byte {reference.Location.Offset} can't be read ({what})"
        );

    private void Keep(Digest digest, ManifestPage page)
    {
        if (_kept.ContainsKey(digest))
            return;
        _kept.Add(digest, _recent.AddFirst((digest, page)));
        if (_kept.Count <= KeptPages)
            return;
        _kept.Remove(_recent.Last!.Value.Digest);
        _recent.RemoveLast();
    }
}
