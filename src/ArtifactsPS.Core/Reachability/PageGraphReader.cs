using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>
/// Reads the pages of a graph, each once, several concurrently. Records unreadable pages and continues.
/// </summary>
/// <param name="graph">Contains the roots of the trees; receives everything below them.</param>
/// <param name="progress">Counts pages and their bytes.</param>
/// <param name="contentRead">Receives the files and chunks of each page, in parallel; null if nothing needs them.</param>
internal sealed class PageGraphReader(
    PageGraph graph,
    PageReader pages,
    TransferProgress progress,
    Func<IReadOnlyList<Blob>, CancellationToken, Task>? contentRead = null
)
{
    /// <summary>Unreadable pages, each with its <see cref="PageNode.Failure"/>.</summary>
    public ConcurrentQueue<PageNode> UnreadablePages { get; } = new();

    /// <summary>Entries whose chunk list can't be read. The objects of their chunks are missing from the graph.</summary>
    public ConcurrentQueue<(
        PageNode Page,
        ManifestEntry Entry,
        ArtifactsException Failure
    )> UnreadableChunkLists { get; } = new();

    /// <summary>Whether the graph contains everything that the trees need.</summary>
    public bool IsComplete => UnreadablePages.IsEmpty && UnreadableChunkLists.IsEmpty;

    /// <summary>Reads all pages below the roots.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (graph.TakeUnvisited() is { Count: > 0 } level)
        {
            progress.Expect(level.Count, level.Sum(node => (long)node.Reference.Length));
            using var reading = new WorkQueue<BlobBatch<PageNode>>(ReadAsync, cancellationToken);
            foreach (var batch in BlobBatch<PageNode>.Plan(level.Select(node => (node, BlobOf(node.Reference)))))
                await reading.AddAsync(batch).ConfigureAwait(false);
            await reading.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static Blob BlobOf(PageReference page) => new(page.Digest, page.Length, page.Location);

    // Pages that were written together are read with one request, and decoded on all processors.
    private async Task ReadAsync(BlobBatch<PageNode> batch, CancellationToken cancellationToken)
    {
        var range =
            batch.Items.Count == 1 ? null : await ReadRangeAsync(batch, cancellationToken).ConfigureAwait(false);
        await InParallel
            .ForEachAsync(
                batch.Items.Select(item => item.Item),
                range is null ? 1 : Environment.ProcessorCount,
                (node, token) => ReadAsync(node, PageIn(range, batch.Start, node.Reference), token),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    // Null if the bytes can't be read. Then each page is read by itself, and reported.
    private async Task<byte[]?> ReadRangeAsync(BlobBatch<PageNode> batch, CancellationToken cancellationToken)
    {
        try
        {
            return await pages
                .Content.ReadBytesAsync(
                    batch.Items[0].Blob.Location.Object,
                    batch.Start,
                    (int)batch.Length,
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (ObjectLostException)
        {
            return null;
        }
    }

    private static ManifestPage? PageIn(byte[]? range, long start, PageReference page)
    {
        if (range is null)
            return null;
        var (_, offset, _, _) = page.Location;
        var bytes = new ArraySegment<byte>(range, (int)(offset - start), (int)page.Location.StoredLength(page.Length));
        return PageReader.TryDecode(page, bytes);
    }

    private async Task ReadAsync(PageNode node, ManifestPage? read, CancellationToken cancellationToken)
    {
        try
        {
            var page = read ?? await pages.ReadStoredAsync(node.Reference, cancellationToken).ConfigureAwait(false);
            var needed = new List<StoredRun>();
            var blobs = contentRead is null ? null : new List<Blob>();
            foreach (var item in page.Items)
                if (item is ManifestEntry { Location.IsEmpty: false } entry)
                    await AddNeededRunsAsync(node, entry, needed, blobs, cancellationToken).ConfigureAwait(false);
            graph.AddChildren(node, page.Items.OfType<PageReference>(), needed);
            if (blobs is { Count: > 0 })
                await contentRead!(blobs, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectLostException e)
        {
            node.Failure = e;
            UnreadablePages.Enqueue(node);
        }
        progress.AddFile();
        progress.AddBytes(node.Reference.Length);
    }

    private async ValueTask AddNeededRunsAsync(
        PageNode node,
        ManifestEntry entry,
        List<StoredRun> needed,
        List<Blob>? blobs,
        CancellationToken cancellationToken
    )
    {
        needed.Add(new StoredRun(entry.Location.Object.Digest, entry.Location.Offset, entry.Blob.StoredLength));
        blobs?.Add(entry.Blob);
        if (!entry.Location.IsChunked)
            return;
        try
        {
            var list = await pages.Content.ReadChunkListAsync(entry.Location, cancellationToken).ConfigureAwait(false);
            foreach (var chunk in list.Chunks)
                needed.Add(new StoredRun(chunk.Location.Object.Digest, chunk.Location.Offset, chunk.StoredLength));
            blobs?.AddRange(list.Chunks);
        }
        catch (ObjectLostException e)
        {
            UnreadableChunkLists.Enqueue((node, entry, e));
        }
    }
}
