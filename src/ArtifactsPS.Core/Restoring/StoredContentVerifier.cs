using System.Collections.Concurrent;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Checks all content of a version by reading it from its store.</summary>
/// <param name="content">Reader of the store.</param>
/// <param name="manifest">Entries of the version.</param>
/// <param name="progress">Counts files and bytes.</param>
public sealed class StoredContentVerifier(ContentReader content, Manifest manifest, TransferProgress progress)
{
    private const int EntriesPerBatch = 1 << 15;

    /// <summary>Checks a version in its store. Nothing is read from a cache.</summary>
    public static StoredContentVerifier Of(PublishedVersion version, TransferProgress progress)
    {
        var content = new ContentReader(version.Store.Objects.WithoutCache());
        return new StoredContentVerifier(content, new Manifest(new PageReader(content), version.Record.Root), progress);
    }

    /// <summary>Missing and damaged content, in the order in which it is found.</summary>
    public ConcurrentQueue<VerificationFinding> Findings { get; } = new();

    /// <summary>Checks every page and every blob.</summary>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        progress.Expect(manifest.Root.EntryCount, manifest.Root.TotalSize);
        using var reading = new WorkQueue<BlobBatch<ManifestEntry>>(ReadAsync, cancellationToken);
        var entries = new List<(ManifestEntry, Blob)>();
        await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Uri is null)
                entries.Add((entry, entry.Blob));
            else
                CheckReference(entry, cancellationToken);
            if (entries.Count < EntriesPerBatch)
                continue;
            await AddAsync().ConfigureAwait(false);
        }
        await AddAsync().ConfigureAwait(false);
        await reading.CompleteAsync().ConfigureAwait(false);

        async Task AddAsync()
        {
            foreach (var batch in BlobBatch<ManifestEntry>.Plan(entries))
                await reading.AddAsync(batch).ConfigureAwait(false);
            entries.Clear();
        }
    }

    private async Task ReadAsync(BlobBatch<ManifestEntry> batch, CancellationToken cancellationToken)
    {
        if (!batch.IsLarge)
        {
            await batch
                .ReadAsync(content, (entry, bytes) => CountFile(bytes.Count), Add, cancellationToken)
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

    private Task CountFile(int bytes)
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
                    new VerificationFinding(
                        entry.Path.ToString(),
                        VerificationFindingKind.Changed,
                        entry,
                        $"'{entry.Uri}' has changed"
                    )
                );
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Findings.Enqueue(
                new VerificationFinding(
                    entry.Path.ToString(),
                    VerificationFindingKind.Missing,
                    entry,
                    $"'{entry.Uri}' does not exist any more"
                )
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FileChangedWhileReadingException)
        {
            Findings.Enqueue(
                new VerificationFinding(entry.Path.ToString(), VerificationFindingKind.Unreadable, entry, e.Message)
            );
        }
    }

    private void Add(ManifestEntry entry, ArtifactsException failure) =>
        Findings.Enqueue(
            new VerificationFinding(
                entry.Path.ToString(),
                failure is ObjectMissingException ? VerificationFindingKind.Missing : VerificationFindingKind.Changed,
                entry,
                failure.Message
            )
        );
}
