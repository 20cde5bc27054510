using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>
/// Reads pages, checks them against their digests, and caches the recently used ones. The cache key includes the page's
/// location, because a page with the same digest elsewhere can have other locations for its entries. Safe for concurrent
/// callers.
/// </summary>
public class PageReader(ContentReader content)
{
    // About 5 MB. More would help no scan of a larger tree: it returns to a page after all others.
    private const int CachedPages = 64;

    private readonly LinkedList<CachedPage> _recent = new();
    private readonly Dictionary<(Digest, PageLocation), LinkedListNode<CachedPage>> _cached = [];

    internal ContentReader Content { get; } = content;

    /// <exception cref="ObjectMissingException">The object that contains the page is missing.</exception>
    /// <exception cref="ObjectCorruptException">The bytes are not the referenced page.</exception>
    internal virtual async ValueTask<ManifestPage> ReadAsync(TreePage treePage, CancellationToken cancellationToken)
    {
        if (treePage is UnstoredPage unstored)
            return unstored.Content;
        var reference = (PageReference)treePage;
        var key = (reference.Digest, PageLocation.Of(reference));
        if (FindCached(key) is not { } cached)
        {
            cached = await FetchAsync(reference, cancellationToken).ConfigureAwait(false);
            lock (_recent)
                Cache(key, cached.Actual, cached.Page);
        }
        return Check(reference, cached.Actual, cached.Page);
    }

    /// <summary>Reads a page from the store, bypassing the cache.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    internal async Task<ManifestPage> ReadStoredAsync(PageReference reference, CancellationToken cancellationToken)
    {
        var (_, page) = await FetchAsync(reference, cancellationToken).ConfigureAwait(false);
        return page;
    }

    /// <summary>Decodes bytes that were read from the place of a page.</summary>
    /// <returns>Null if they are not the referenced page.</returns>
    internal static ManifestPage? TryDecode(PageReference reference, ArraySegment<byte> bytes)
    {
        try
        {
            var (actual, page) = Decode(reference, bytes);
            return IsActual(reference, actual) ? page : null;
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            return null;
        }
    }

    private ManifestPage Check(PageReference reference, TreePage actual, ManifestPage page) =>
        IsActual(reference, actual) ? page : throw Corrupt(reference, $"the content is not page {reference.Digest}");

    private static bool IsActual(PageReference reference, TreePage actual)
    {
        // A parent's description of a page isn't covered by the page's own digest. Checking the first path ensures that a
        // page can appear only once in a tree, so a hostile tree can't cause repeated reads. A catalog has no first path.
        return actual.Level == reference.Level
            && actual.Digest == reference.Digest
            && actual.EntryCount == reference.EntryCount
            && actual.TotalSize == reference.TotalSize
            && (reference.First == default || actual.First == reference.First);
    }

    private (TreePage Actual, ManifestPage Page)? FindCached((Digest, PageLocation) key)
    {
        lock (_recent)
        {
            if (!_cached.TryGetValue(key, out var node))
                return null;
            _recent.Remove(node);
            _recent.AddFirst(node);
            return (node.Value.Actual, node.Value.Page);
        }
    }

    private Task<(TreePage Actual, ManifestPage Page)> FetchAsync(
        PageReference reference,
        CancellationToken cancellationToken
    ) => Content.RereadAsync(content => FetchAsync(content, reference, cancellationToken));

    private async Task<(TreePage Actual, ManifestPage Page)> FetchAsync(
        ContentReader content,
        PageReference reference,
        CancellationToken cancellationToken
    )
    {
        var source = reference.Location.Object;
        var stored = checked((int)reference.Location.StoredLength(reference.Length));
        var bytes = await content
            .ReadBytesAsync(source, reference.Location.Offset, stored, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            var (actual, page) = Decode(reference, new ArraySegment<byte>(bytes));
            Check(reference, actual, page);
            return (actual, page);
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            throw Corrupt(reference, e.Message);
        }
    }

    // Pages are longer than 85,000 bytes on average: new arrays of that length would cause full garbage collections.
    private static (TreePage Actual, ManifestPage Page) Decode(PageReference reference, ArraySegment<byte> bytes)
    {
        byte[]? rented = null;
        try
        {
            var json = ZstandardFrame.DecompressJson(bytes, reference.Length, size => rented = BlobBuffers.Rent(size));
            var page = PageFormat.Decode(json, reference.Location.Object);
            return (page.ToUnstoredPage(), page);
        }
        finally
        {
            if (rented is not null)
                BlobBuffers.Return(rented);
        }
    }

    /// <summary>Creates the error for a damaged page.</summary>
    internal virtual ObjectCorruptException Corrupt(PageReference reference, string problem) =>
        new(
            Content.Store.Location,
            reference.Location.Object.Key,
            $"the manifest page at byte {reference.Location.Offset} can't be read ({problem})"
        );

    private void Cache((Digest, PageLocation) key, TreePage actual, ManifestPage page)
    {
        if (_cached.ContainsKey(key))
            return;
        _cached.Add(key, _recent.AddFirst(new CachedPage(key, actual, page)));
        if (_cached.Count <= CachedPages)
            return;
        _cached.Remove(_recent.Last!.Value.Key);
        _recent.RemoveLast();
    }

    private readonly record struct CachedPage((Digest, PageLocation) Key, TreePage Actual, ManifestPage Page);
}
