using System.Collections.Concurrent;
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

/// <summary>
/// Restores the files of a version to a folder. Files that already match are left unchanged. Others are put in place only
/// when they are complete and match their digest. A restore can be interrupted and run again.
/// </summary>
/// <param name="version">Version to restore.</param>
/// <param name="destination">Full path of the folder; created if it doesn't exist.</param>
/// <param name="options">Entries to restore, and files that may be replaced.</param>
/// <param name="results">Receives the result of each entry.</param>
/// <param name="progress">Counts files and bytes.</param>
public sealed class FolderRestorer(
    PublishedVersion version,
    string destination,
    RestoreOptions options,
    IResultSink<RestoreResult> results,
    TransferProgress progress
)
{
    private const int EntriesPerBatch = 1 << 15;

    // Fewer entries take less memory. Of a remote store, more entries take fewer requests.
    private const int LocalEntries = 1 << 13;
    private const int TargetsAtOnce = 8;

    private readonly Manifest _manifest = version.Manifest;
    private readonly RestoredFiles _restored = new(destination);
    private readonly ClonedObjects _clones = new(version.ContentPlace.Id);
    private readonly Lazy<ProtectedFolders> _guard = new(() =>
        ProtectedFolders.OfUser(version.Store.Location, version.ContentPlace.Location)
    );
    private volatile bool _hasFailed;

    /// <summary>Restores the chosen entries.</summary>
    /// <exception cref="PathNotRestorableException">An entry can't be restored to the destination, or a folder that would be
    /// written to or removed is protected; nothing was written.</exception>
    /// <exception cref="ArtifactEntryNotFoundException">The only selector matches no entry; nothing was written.</exception>
    /// <exception cref="DestinationChangedException">Files would be replaced or removed, and
    /// <see cref="RestoreOptions.NoClobber"/> is set; nothing was written.</exception>
    /// <exception cref="DestinationFullException">The disk is full; the restored files are complete.</exception>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RestoreChosenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (FullDisk.IsReportedBy(e))
        {
            throw new DestinationFullException(destination, e);
        }
    }

    /// <summary>Reports the files that a restore would replace or remove, without changing anything.</summary>
    /// <exception cref="PathNotRestorableException">The version can't be restored to the destination.</exception>
    /// <exception cref="ArtifactEntryNotFoundException">The only selector matches no entry.</exception>
    public async Task PreviewAsync(CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(cancellationToken).ConfigureAwait(false);
        using var folders = plan.Folders;
        await ReportMissingAsync(plan, cancellationToken).ConfigureAwait(false);
        await PreviewOf(plan).FindAsync(options.Clean, results.AddAsync, cancellationToken).ConfigureAwait(false);
    }

    private async Task RestoreChosenAsync(CancellationToken cancellationToken)
    {
        if (options.Clean && !Directory.Exists(destination))
        {
            // Nothing is created for a version that can't be restored.
            (await PlanAsync(cancellationToken).ConfigureAwait(false)).Folders.Dispose();
            Directory.CreateDirectory(destination);
        }
        using var cleaning = options.Clean
            ? await CleanLock.AcquireAsync(destination, cancellationToken).ConfigureAwait(false)
            : null;
        var plan = await PlanAsync(cancellationToken).ConfigureAwait(false);
        using var folders = plan.Folders;
        await CheckRemovalsAsync(plan, cancellationToken).ConfigureAwait(false);
        await ReportMissingAsync(plan, cancellationToken).ConfigureAwait(false);
        if (plan.Count == 0 && plan.Selection.Unmatched.Count == options.Selectors.Count)
            return;
        progress.Expect(plan.Count, plan.Size);
        folders.Create();
        foreach (var obstacle in folders.Obstacles)
            await results.AddAsync(new RestoreResult.Replaced(folders.PathOf(obstacle))).ConfigureAwait(false);
        await new RestoreLeftovers(_manifest, folders).RemoveAsync(cancellationToken).ConfigureAwait(false);
        var remover = new FolderRemover(_guard.Value, destination, RemovedAsync, isPreview: false);
        var isComplete = false;
        try
        {
            await RestoreAllAsync(plan, remover, cancellationToken).ConfigureAwait(false);
            isComplete = !_hasFailed && options.Selectors.Contains(EntrySelector.All);
        }
        finally
        {
            await _restored.SaveAsync(keepUnseen: !isComplete).ConfigureAwait(false);
            await _clones.SaveAsync().ConfigureAwait(false);
        }
        if (options.Clean && !_hasFailed)
            await new FolderCleaner(plan, remover).CleanAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<RestorePlan> PlanAsync(CancellationToken cancellationToken)
    {
        if (FolderNotWritableException.FileAbove(destination) is { } file)
            throw new PathNotRestorableException(
                version.Reference,
                destination,
                file == destination ? "it is a file" : $"'{file}' is a file",
                "Choose a folder as the destination."
            );
        _guard.Value.CheckDestination(destination, options.Clean);
        var plan = await RestorePlan
            .CreateAsync(_manifest, destination, options, _guard.Value, cancellationToken)
            .ConfigureAwait(false);
        if (options.Selectors.Count > 1 || plan.Selection.Unmatched.Count == 0)
            return plan;
        plan.Folders.Dispose();
        throw await MissingAsync(options.Selectors[0], cancellationToken).ConfigureAwait(false);
    }

    private RestorePreview PreviewOf(RestorePlan plan) => new(_manifest, plan, options, _restored, _guard.Value);

    private async Task ReportMissingAsync(RestorePlan plan, CancellationToken cancellationToken)
    {
        foreach (var missing in options.Selectors.Where(plan.Selection.Unmatched.Contains))
            await FailAsync(missing.Text, await MissingAsync(missing, cancellationToken).ConfigureAwait(false))
                .ConfigureAwait(false);
    }

    private async Task<Exception> MissingAsync(EntrySelector selector, CancellationToken cancellationToken) =>
        await MissingEntry
            .ExplainAsync(selector.Text, version.Reference, version.EntriesAsync, cancellationToken)
            .ConfigureAwait(false);

    // Before the first byte is written.
    private async Task CheckRemovalsAsync(RestorePlan plan, CancellationToken cancellationToken)
    {
        var folders = plan.Folders;
        if (!folders.TryOpen())
            return;
        if (options.NoClobber)
        {
            var lost = new List<string>();
            await PreviewOf(plan).FindAsync(options.Clean, AddAsync, cancellationToken).ConfigureAwait(false);
            if (lost.Count > 0)
                throw new DestinationChangedException(destination, lost);
            return;

            ValueTask AddAsync(RestoreResult result)
            {
                lost.Add(
                    result is RestoreResult.Replaced replaced ? replaced.Path : ((RestoreResult.Removed)result).Path
                );
                return default;
            }
        }
        var remover = new FolderRemover(_guard.Value, destination, _ => default, isPreview: true);
        foreach (var replaced in plan.ReplacedFolders)
            await RemoveAsync(folders, replaced, remover, cancellationToken).ConfigureAwait(false);
        if (options.Clean)
            await new FolderCleaner(plan, remover).CleanAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task RemoveAsync(
        DestinationFolders folders,
        string path,
        FolderRemover remover,
        CancellationToken cancellationToken
    )
    {
        using var parent = folders.OpenFolderOf(path);
        await remover
            .RemoveAsync(parent, DestinationFolders.NameOf(path), folders.PathOf(path), cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task RestoreAllAsync(RestorePlan plan, FolderRemover remover, CancellationToken cancellationToken)
    {
        var folders = plan.Folders;
        foreach (var replaced in plan.ReplacedFolders)
            await RemoveAsync(folders, replaced, remover, cancellationToken).ConfigureAwait(false);
        var source = (await version.FindSourceAsync(cancellationToken).ConfigureAwait(false)).Store;
        // Few batches wait: their entries take memory.
        using var writing = new BatchQueue<ManifestEntry>(
            source.Content,
            (batch, bytes, token) => WriteAsync(batch, bytes, source, folders, token),
            cancellationToken
        );
        var isLocal = source.Objects is IFileStore;
        var entriesAtOnce = isLocal ? LocalEntries : EntriesPerBatch;
        var maxLength = isLocal ? BlobBatch<ManifestEntry>.LocalLength : BlobBatch<ManifestEntry>.MaxLength;
        var batch = new List<ManifestEntry>();
        await foreach (var entry in plan.EntriesAsync(_manifest, cancellationToken).ConfigureAwait(false))
        {
            batch.Add(entry);
            if (batch.Count < entriesAtOnce)
                continue;
            await RestoreAsync(batch, maxLength, folders, writing, cancellationToken).ConfigureAwait(false);
            batch.Clear();
        }
        await RestoreAsync(batch, maxLength, folders, writing, cancellationToken).ConfigureAwait(false);
        await writing.CompleteAsync().ConfigureAwait(false);
    }

    private async Task RestoreAsync(
        List<ManifestEntry> entries,
        long maxLength,
        DestinationFolders folders,
        BatchQueue<ManifestEntry> writing,
        CancellationToken cancellationToken
    )
    {
        var missing = new ConcurrentBag<ManifestEntry>();
        using (var checking = new WorkQueue<ManifestEntry>(CheckAsync, cancellationToken))
        {
            foreach (var entry in entries)
                if (folders.Exists(entry.Path.ToString()))
                    await checking.AddAsync(entry).ConfigureAwait(false);
                else
                    missing.Add(entry);
            await checking.CompleteAsync().ConfigureAwait(false);
        }

        var blobs = missing.Where(entry => entry.Uri is null).Select(entry => (entry, entry.Blob));
        foreach (var batch in BlobBatch<ManifestEntry>.Plan(blobs, maxLength))
            await writing.AddAsync(batch).ConfigureAwait(false);
        // The last batches are written meanwhile.
        await InParallel
            .ForEachAsync(
                missing.Where(entry => entry.Uri is not null),
                TargetsAtOnce,
                async (reference, token) =>
                {
                    using var recent = new RecentFolder(folders);
                    await ForEntryAsync(reference, recent, CopyReferenceAsync, token).ConfigureAwait(false);
                },
                cancellationToken
            )
            .ConfigureAwait(false);

        async Task CheckAsync(WorkQueue<ManifestEntry>.Share share, CancellationToken token)
        {
            using var checker = new RestoredEntryChecker(folders, _restored);
            while (share.TryTake(out var entry))
            {
                token.ThrowIfCancellationRequested();
                if (checker.IsRestored(entry, token))
                {
                    progress.AddBytes(entry.Size ?? 0);
                    await DoneAsync(folders.PathOf(entry.Path.ToString())).ConfigureAwait(false);
                }
                else
                    missing.Add(entry);
            }
        }
    }

    private async Task WriteAsync(
        BlobBatch<ManifestEntry> batch,
        byte[]? read,
        VersionStore source,
        DestinationFolders folders,
        CancellationToken cancellationToken
    )
    {
        using var recent = new RecentFolder(folders);
        if (batch.IsLarge)
            await ForEntryAsync(
                    batch.Items[0].Item,
                    recent,
                    new LargeFileRestorer(source, _clones, progress).RestoreAsync,
                    cancellationToken
                )
                .ConfigureAwait(false);
        else
            await batch
                .ReadAsync(
                    source.Content,
                    (entry, bytes) =>
                        ForEntryAsync(
                            entry,
                            recent,
                            (_, folder, name, _) => Write(entry, folder, name, bytes),
                            cancellationToken
                        ),
                    (entry, failure) => FailAsync(entry.Path.ToString(), failure),
                    cancellationToken,
                    read
                )
                .ConfigureAwait(false);
    }

    private Task<FileState?> Write(ManifestEntry entry, IRestoreFolder folder, string name, ArraySegment<byte> bytes)
    {
        var state = folder.Write(name, bytes, entry.Executable);
        progress.AddBytes(bytes.Count);
        return Task.FromResult<FileState?>(state);
    }

    private async Task<FileState?> CopyReferenceAsync(
        ManifestEntry entry,
        IRestoreFolder folder,
        string name,
        CancellationToken cancellationToken
    )
    {
        if (!options.Restores(entry))
        {
            await results.AddAsync(new RestoreResult.Skipped(entry)).ConfigureAwait(false);
            return null;
        }
        return await folder
            .WriteAsync(
                name,
                executable: false,
                write => options.References.CopyAsync(entry, write, progress, cancellationToken)
            )
            .ConfigureAwait(false);
    }

    // A failure of one entry is recorded, and the others are restored. A skipped entry has no state.
    private async Task ForEntryAsync(
        ManifestEntry entry,
        RecentFolder recent,
        Func<ManifestEntry, IRestoreFolder, string, CancellationToken, Task<FileState?>> restore,
        CancellationToken cancellationToken
    )
    {
        var path = entry.Path.ToString();
        try
        {
            var folders = recent.Folders;
            var folder = recent.FolderOf(path);
            var name = DestinationFolders.NameOf(path);
            var fullPath = folders.PathOf(path);
            var found = folders.Exists(path) ? folder.AttributesOf(name) : DestinationFolders.Missing;
            if (DestinationFolders.IsLink(found))
            {
                if (!options.MayReplace)
                    throw new PathNotRestorableException(
                        path,
                        destination,
                        "a link of that name exists",
                        "Remove it, or use -Force to replace it."
                    );
                folder.RemoveFile(name);
            }
            if (await restore(entry, folder, name, cancellationToken).ConfigureAwait(false) is not { } state)
                return;
            if (DestinationFolders.Exists(found))
                await results.AddAsync(new RestoreResult.Replaced(fullPath)).ConfigureAwait(false);
            if (RestoredFiles.IsRemembered(entry))
                _restored.AddWritten(entry, fullPath, state);
            await DoneAsync(fullPath).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e
                    is ObjectMissingException
                        or ObjectCorruptException
                        or ReferenceException
                        or PathNotRestorableException
                        or IOException
                        or UnauthorizedAccessException
                && !FullDisk.IsReportedBy(e)
            )
        {
            await FailAsync(path, e).ConfigureAwait(false);
        }
    }

    private ValueTask RemovedAsync(string path) => results.AddAsync(new RestoreResult.Removed(path));

    private ValueTask DoneAsync(string path)
    {
        progress.AddFile();
        return options.ListsRestored ? results.AddAsync(new RestoreResult.Restored(path)) : default;
    }

    private ValueTask FailAsync(string path, Exception failure)
    {
        _hasFailed = true;
        return results.AddAsync(new RestoreResult.Failed(new ItemFailure(path, failure)));
    }
}
