using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Checks all content of a version by reading it from its store.</summary>
/// <param name="content">Reader of the store.</param>
/// <param name="manifest">Entries of the version.</param>
/// <param name="findings">Receives missing and damaged content, in the order in which it is found.</param>
/// <param name="progress">Counts files and bytes.</param>
public sealed class StoredContentVerifier(
    ContentReader content,
    Manifest manifest,
    IResultSink<VerificationFinding> findings,
    TransferProgress progress
)
{
    private const int EntriesPerBatch = 1 << 13;

    /// <summary>Checks a version in its store. Nothing is read from a cache.</summary>
    public static StoredContentVerifier Of(
        PublishedVersion version,
        IResultSink<VerificationFinding> findings,
        TransferProgress progress
    )
    {
        var content = new ContentReader(version.Store.Objects.WithoutCache());
        var manifest = new Manifest(new PageReader(content), version.Record.Root);
        return new StoredContentVerifier(content, manifest, findings, progress);
    }

    /// <summary>Checks every page and every blob.</summary>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        progress.Expect(manifest.Root.EntryCount, manifest.Root.TotalSize);
        using var reading = new WorkQueue<BlobBatch<ManifestEntry>>(ReadAsync, cancellationToken, itemsAtOnce: 1);
        var entries = new List<(ManifestEntry, Blob)>();
        await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Uri is null)
                entries.Add((entry, entry.Blob));
            else
                await CheckReferenceAsync(entry, cancellationToken).ConfigureAwait(false);
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
                .ReadAsync(content, (entry, bytes) => CountFile(bytes.Count), FailAsync, cancellationToken)
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
            await FailAsync(large, e).ConfigureAwait(false);
        }
    }

    private Task CountFile(int bytes)
    {
        progress.AddBytes(bytes);
        progress.AddFile();
        return Task.CompletedTask;
    }

    private ValueTask CheckReferenceAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        progress.AddFile();
        return CheckReference(entry, cancellationToken) is { } finding ? findings.AddAsync(finding) : default;
    }

    // Null if the target matches the entry, or isn't a file.
    private static VerificationFinding? CheckReference(ManifestEntry entry, CancellationToken cancellationToken)
    {
        if (ReferencedFile.PathOf(entry.Uri!) is not { } path)
            return null;
        try
        {
            return entry.Digest is { } digest && FileHash.Of(path, cancellationToken) != digest
                ? Finding(entry, VerificationFindingKind.Changed, $"'{entry.Uri}' has changed")
                : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Finding(entry, VerificationFindingKind.Missing, $"'{entry.Uri}' does not exist any more");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FileChangedWhileReadingException)
        {
            return Finding(entry, VerificationFindingKind.Unreadable, e.Message);
        }
    }

    private ValueTask FailAsync(ManifestEntry entry, ArtifactsException failure) =>
        findings.AddAsync(
            Finding(
                entry,
                failure is ObjectMissingException ? VerificationFindingKind.Missing : VerificationFindingKind.Changed,
                failure.Message
            )
        );

    private static VerificationFinding Finding(ManifestEntry entry, VerificationFindingKind kind, string message) =>
        new(entry.Path.ToString(), kind, entry, message);
}
