using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.References;
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
    private const int TargetsAtOnce = 8;

    /// <summary>Content of references.</summary>
    public ReferencedContent References { get; init; } = ReferencedContent.OfFiles;

    /// <summary>Whether targets on services are read. Otherwise only their properties are compared.</summary>
    public bool ReadsTargets { get; init; }

    /// <summary>Checks a version in the store that has its content. Nothing is read from a cache.</summary>
    public static async Task<StoredContentVerifier> OfAsync(
        PublishedVersion version,
        IResultSink<VerificationFinding> findings,
        TransferProgress progress,
        CancellationToken cancellationToken,
        ReferencedContent? references = null,
        bool readsTargets = false
    )
    {
        var source = await version.FindSourceAsync(cancellationToken).ConfigureAwait(false);
        var content = new ContentReader(source.Store.Objects.WithoutCache());
        var manifest = new Manifest(new PageReader(content), source.StoredRoot);
        return new StoredContentVerifier(content, manifest, findings, progress)
        {
            References = references ?? ReferencedContent.OfFiles,
            ReadsTargets = readsTargets,
        };
    }

    /// <summary>Checks every page and every blob.</summary>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        progress.Expect(manifest.Root.EntryCount, manifest.Root.TotalSize);
        using var reading = new BatchQueue<ManifestEntry>(content, ReadAsync, cancellationToken);
        var entries = new List<(ManifestEntry, Blob)>();
        var references = new List<ManifestEntry>();
        await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Uri is null)
                entries.Add((entry, entry.Blob));
            else
                references.Add(entry);
            if (entries.Count + references.Count < EntriesPerBatch)
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
            await InParallel
                .ForEachAsync(references, TargetsAtOnce, CheckReferenceAsync, cancellationToken)
                .ConfigureAwait(false);
            references.Clear();
        }
    }

    private async Task ReadAsync(BlobBatch<ManifestEntry> batch, byte[]? read, CancellationToken cancellationToken)
    {
        if (!batch.IsLarge)
        {
            await batch
                .ReadAsync(content, (entry, bytes) => CountFile(bytes.Count), FailAsync, cancellationToken, read)
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

    private async Task CheckReferenceAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        if (References.CanRead(entry))
            try
            {
                await References.CheckAsync(entry, ReadsTargets, progress, cancellationToken).ConfigureAwait(false);
            }
            catch (ReferenceNotFoundException e)
            {
                await findings
                    .AddAsync(Finding(entry, VerificationFindingKind.Missing, e.Message))
                    .ConfigureAwait(false);
            }
            catch (ReferenceChangedException e)
            {
                await findings
                    .AddAsync(Finding(entry, VerificationFindingKind.Changed, e.Message))
                    .ConfigureAwait(false);
            }
            catch (Exception e)
                when (e
                        is ReferenceException
                            or IOException
                            or UnauthorizedAccessException
                            or FileChangedWhileReadingException
                )
            {
                await findings
                    .AddAsync(Finding(entry, VerificationFindingKind.Unreadable, e.Message))
                    .ConfigureAwait(false);
            }
        progress.AddFile();
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
