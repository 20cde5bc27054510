using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>
/// Reads the pages of a graph, each once, level by level from the top, several at once. What can't be read is noted, and
/// the rest goes on.
/// </summary>
/// <param name="graph">Has the trees' roots; gets all below them.</param>
/// <param name="pages">Reads pages.</param>
/// <param name="progress">Counts pages and their bytes.</param>
internal sealed class PageGraphReader(PageGraph graph, PageReader pages, TransferProgress progress)
{
    /// <summary>Pages that can't be read; each has its <see cref="PageNode.Failure"/>.</summary>
    public ConcurrentQueue<PageNode> UnreadablePages { get; } = new();

    /// <summary>Entries whose lists of chunks can't be read: the objects that hold their chunks are not in the graph.</summary>
    public ConcurrentQueue<(
        PageNode Page,
        ManifestEntry Entry,
        ArtifactsException Failure
    )> UnreadableChunkLists { get; } = new();

    /// <summary>Whether all that the trees need is in the graph.</summary>
    public bool IsComplete => UnreadablePages.IsEmpty && UnreadableChunkLists.IsEmpty;

    /// <summary>Reads all pages below the roots.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (graph.TakeUnvisited() is { Count: > 0 } level)
        {
            progress.Expect(level.Count, level.Sum(node => (long)node.Reference.Length));
            using var reading = new WorkQueue<PageNode>(ReadAsync, cancellationToken);
            foreach (var node in level)
                await reading.AddAsync(node).ConfigureAwait(false);
            await reading.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(PageNode node, CancellationToken cancellationToken)
    {
        try
        {
            var page = await pages.ReadStoredAsync(node.Reference, cancellationToken).ConfigureAwait(false);
            var needed = new List<StoredRun>();
            foreach (var item in page.Items)
                if (item is ManifestEntry { Location.IsEmpty: false } entry)
                    await NeedAsync(node, entry, needed, cancellationToken).ConfigureAwait(false);
            graph.AddBelow(node, page.Items.OfType<PageReference>(), needed);
        }
        catch (ObjectLostException e)
        {
            node.Failure = e;
            UnreadablePages.Enqueue(node);
        }
        progress.AddFile();
        progress.AddBytes(node.Reference.Length);
    }

    private async ValueTask NeedAsync(
        PageNode node,
        ManifestEntry entry,
        List<StoredRun> needed,
        CancellationToken cancellationToken
    )
    {
        needed.Add(
            new StoredRun(
                entry.Location.Object.Digest,
                entry.Location.Offset,
                entry.Location.IsChunked ? entry.Location.ChunkListLength : entry.Size!.Value
            )
        );
        if (!entry.Location.IsChunked)
            return;
        try
        {
            var list = await pages.Content.ReadChunkListAsync(entry.Location, cancellationToken).ConfigureAwait(false);
            foreach (var chunk in list.Chunks)
                needed.Add(new StoredRun(chunk.Location.Object.Digest, chunk.Location.Offset, chunk.Size));
        }
        catch (ObjectLostException e)
        {
            UnreadableChunkLists.Enqueue((node, entry, e));
        }
    }
}
