using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Reads all of a version's content from its store, and checks it.</summary>
/// <param name="content">Where the content is.</param>
/// <param name="manifest">The version's entries.</param>
/// <param name="progress">Counts files and bytes.</param>
public sealed class StoredContentVerifier(ContentReader content, Manifest manifest, TransferProgress progress)
{
    private const int EntriesAtOnce = 1 << 15;

    /// <summary>What is missing or damaged; filled as it is found.</summary>
    public ConcurrentQueue<Finding> Findings { get; } = new();

    /// <summary>Checks every page and every blob.</summary>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        progress.Expect(manifest.Root.EntryCount, manifest.Root.TotalSize);
        using var reading = new WorkQueue<BlobBatch<ManifestEntry>>(ReadAsync, cancellationToken);
        var some = new List<(ManifestEntry, Blob)>();
        await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Uri is null)
                some.Add((entry, entry.Blob));
            else
                CheckReference(entry, cancellationToken);
            if (some.Count < EntriesAtOnce)
                continue;
            await AddAsync().ConfigureAwait(false);
        }
        await AddAsync().ConfigureAwait(false);
        await reading.CompleteAsync().ConfigureAwait(false);

        async Task AddAsync()
        {
            foreach (var batch in BlobBatch<ManifestEntry>.Plan(some))
                await reading.AddAsync(batch).ConfigureAwait(false);
            some.Clear();
        }
    }

    private async Task ReadAsync(BlobBatch<ManifestEntry> batch, CancellationToken cancellationToken)
    {
        if (!batch.IsLarge)
        {
            await batch
                .ReadAsync(content, (entry, bytes) => Sound(bytes.Count), Add, cancellationToken)
                .ConfigureAwait(false);
            return;
        }
        var (large, blob) = batch.Items[0];
        try
        {
            await content
                .CopyAsync(
                    blob,
                    (_, count) =>
                    {
                        progress.AddBytes(count);
                        return Task.CompletedTask;
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            progress.AddFile();
        }
        catch (ObjectLostException e)
        {
            Add(large, e);
        }
    }

    private Task Sound(int bytes)
    {
        progress.AddBytes(bytes);
        progress.AddFile();
        return Task.CompletedTask;
    }

    private void CheckReference(ManifestEntry entry, CancellationToken cancellationToken)
    {
        progress.AddFile();
        if (ReferencedFile.PathOf(entry.Uri!) is not { } path)
            return;
        try
        {
            if (entry.Digest is { } digest && FileHash.Of(path, cancellationToken) != digest)
                Findings.Enqueue(
                    new Finding(
                        entry.Path.ToString(),
                        FindingKind.Changed,
                        entry,
                        $"'{entry.Uri}' has other content now"
                    )
                );
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Findings.Enqueue(
                new Finding(entry.Path.ToString(), FindingKind.Missing, entry, $"'{entry.Uri}' isn't there any more")
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FileChangedWhileReadingException)
        {
            Findings.Enqueue(new Finding(entry.Path.ToString(), FindingKind.Unreadable, entry, e.Message));
        }
    }

    private void Add(ManifestEntry entry, ArtifactsException failure) =>
        Findings.Enqueue(
            new Finding(
                entry.Path.ToString(),
                failure is ObjectMissingException ? FindingKind.Missing : FindingKind.Changed,
                entry,
                failure.Message
            )
        );
}
