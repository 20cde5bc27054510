using System.Collections.Concurrent;
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

    private readonly Manifest _manifest = version.Manifest;
    private readonly RestoredFiles _restored = new(destination);
    private volatile bool _hasFailed;

    /// <summary>Restores the chosen entries.</summary>
    /// <exception cref="PathNotRestorableException">An entry can't be restored to the destination; nothing was written.</exception>
    /// <exception cref="ArtifactEntryNotFoundException">The selector matches no entry; nothing was written.</exception>
    /// <exception cref="DestinationFullException">The disk is full; the restored files are complete.</exception>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RestoreChosenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (StoreFailure.IsFull(e))
        {
            throw new DestinationFullException(destination, e);
        }
    }

    private async Task RestoreChosenAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(destination))
            throw new PathNotRestorableException(
                version.Reference,
                destination,
                "it is a file",
                "Choose a folder as the destination."
            );
        if (options.Clean)
            CheckMayBeCleaned();
        var plan = await RestorePlan
            .CreateAsync(_manifest, destination, options, cancellationToken)
            .ConfigureAwait(false);
        if (plan.Count == 0 && !options.Selector.IsPattern)
            throw await MissingEntry
                .ExplainAsync(options.Selector.Text, version.Reference, version.EntriesAsync, cancellationToken)
                .ConfigureAwait(false);
        progress.Expect(plan.Count, plan.Size);
        using var folders = plan.Folders;
        folders.Create();
        await new RestoreLeftovers(_manifest, folders).RemoveAsync(cancellationToken).ConfigureAwait(false);
        var isComplete = false;
        try
        {
            await RestoreAllAsync(plan, cancellationToken).ConfigureAwait(false);
            isComplete = !_hasFailed && options.Selector == EntrySelector.All;
        }
        finally
        {
            await _restored.SaveAsync(keepUnseen: !isComplete).ConfigureAwait(false);
        }
        if (options.Clean && !_hasFailed)
            await CleanAsync(folders.Root, "", plan, cancellationToken).ConfigureAwait(false);
    }

    private async Task RestoreAllAsync(RestorePlan plan, CancellationToken cancellationToken)
    {
        var folders = plan.Folders;
        var batch = new List<ManifestEntry>();
        var entries = plan.Chosen is { } chosen
            ? AsyncStream.Of(chosen)
            : version.EntriesAsync(options.Selector, cancellationToken);
        await foreach (var entry in entries.ConfigureAwait(false))
        {
            batch.Add(entry);
            if (batch.Count < EntriesPerBatch)
                continue;
            await RestoreAsync(batch, folders, cancellationToken).ConfigureAwait(false);
            batch.Clear();
        }
        await RestoreAsync(batch, folders, cancellationToken).ConfigureAwait(false);
    }

    private async Task RestoreAsync(
        List<ManifestEntry> entries,
        DestinationFolders folders,
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

        using var writing = new WorkQueue<BlobBatch<ManifestEntry>>(
            (batch, token) => WriteAsync(batch, folders, token),
            cancellationToken
        );
        var blobs = missing.Where(entry => entry.Uri is null).Select(entry => (entry, entry.Blob));
        foreach (var batch in BlobBatch<ManifestEntry>.Plan(blobs))
            await writing.AddAsync(batch).ConfigureAwait(false);
        foreach (var reference in missing.Where(entry => entry.Uri is not null))
            await ForEntryAsync(reference, folders, CopyReferenceAsync, cancellationToken).ConfigureAwait(false);
        await writing.CompleteAsync().ConfigureAwait(false);

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
        DestinationFolders folders,
        CancellationToken cancellationToken
    )
    {
        if (batch.IsLarge)
            await ForEntryAsync(batch.Items[0].Item, folders, CopyLargeAsync, cancellationToken).ConfigureAwait(false);
        else
            await batch
                .ReadAsync(
                    version.Store.Content,
                    (entry, bytes) =>
                        ForEntryAsync(
                            entry,
                            folders,
                            (_, folder, name, _) => Write(entry, folder, name, bytes),
                            cancellationToken
                        ),
                    (entry, failure) => FailAsync(entry.Path.ToString(), failure),
                    cancellationToken
                )
                .ConfigureAwait(false);
    }

    private Task<FileState?> Write(ManifestEntry entry, IRestoreFolder folder, string name, ArraySegment<byte> bytes)
    {
        var state = folder.Write(name, bytes, entry.Executable);
        progress.AddBytes(bytes.Count);
        return Task.FromResult<FileState?>(state);
    }

    private async Task<FileState?> CopyLargeAsync(
        ManifestEntry entry,
        IRestoreFolder folder,
        string name,
        CancellationToken cancellationToken
    ) =>
        await version
            .Store.Content.RereadAsync(content =>
                folder.WriteAsync(
                    name,
                    entry.Executable,
                    write =>
                        content.CopyAsync(
                            entry.Blob,
                            async (bytes, count) =>
                            {
                                await write(bytes, count).ConfigureAwait(false);
                                progress.AddBytes(count);
                            },
                            cancellationToken
                        )
                )
            )
            .ConfigureAwait(false);

    private async Task<FileState?> CopyReferenceAsync(
        ManifestEntry entry,
        IRestoreFolder folder,
        string name,
        CancellationToken cancellationToken
    )
    {
        if (ReferencedFile.PathOf(entry.Uri!) is not { } source)
        {
            await results.AddAsync(new RestoreResult.Skipped(entry)).ConfigureAwait(false);
            return null;
        }
        return await folder
            .WriteAsync(
                name,
                executable: false,
                write => ReferencedFile.CopyAsync(entry, source, write, progress, cancellationToken)
            )
            .ConfigureAwait(false);
    }

    // A failure of one entry is recorded, and the others are restored. A skipped entry has no state.
    private async Task ForEntryAsync(
        ManifestEntry entry,
        DestinationFolders folders,
        Func<ManifestEntry, IRestoreFolder, string, CancellationToken, Task<FileState?>> restore,
        CancellationToken cancellationToken
    )
    {
        var path = entry.Path.ToString();
        try
        {
            using var folder = folders.OpenFolderOf(path);
            var name = DestinationFolders.NameOf(path);
            if (options.MayReplace && DestinationFolders.IsFolderOrLink(folder.AttributesOf(name)))
                folder.Remove(name);
            if (await restore(entry, folder, name, cancellationToken).ConfigureAwait(false) is not { } state)
                return;
            var fullPath = folders.PathOf(path);
            if (entry.Digest is not null)
                _restored.AddWritten(entry, fullPath, state);
            await DoneAsync(fullPath).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e
                    is ObjectMissingException
                        or ObjectCorruptException
                        or ReferenceChangedException
                        or PathNotRestorableException
                        or IOException
                        or UnauthorizedAccessException
                && !StoreFailure.IsFull(e)
            )
        {
            await FailAsync(path, e).ConfigureAwait(false);
        }
    }

    private ValueTask DoneAsync(string path)
    {
        progress.AddFile();
        return results.AddAsync(new RestoreResult.Restored(path));
    }

    private ValueTask FailAsync(string path, Exception failure)
    {
        _hasFailed = true;
        return results.AddAsync(new RestoreResult.Failed(new ItemFailure(path, failure)));
    }

    // Protects the store and the home folder from a mistyped destination.
    private void CheckMayBeCleaned()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var fault =
            Contains(destination, version.Store.Location) ? "it contains the artifact store"
            : Contains(version.Store.Location, destination) ? "it is inside the artifact store"
            : Contains(destination, home) ? "it contains your home folder"
            : null;
        if (fault is not null)
            throw new PathNotRestorableException(
                destination,
                destination,
                $"{fault}, and -Clean would remove it",
                "Choose another destination, or omit -Clean."
            );

        static bool Contains(string folder, string path) =>
            path.Length > 0
            && (path + Path.DirectorySeparatorChar).StartsWith(
                folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar,
                StringComparison.OrdinalIgnoreCase
            );
    }

    private async Task CleanAsync(
        IRestoreFolder folder,
        string prefix,
        RestorePlan plan,
        CancellationToken cancellationToken
    )
    {
        foreach (var name in folder.Names())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = prefix + name;
            var isFolder = DestinationFolders.IsFolder(folder.AttributesOf(name));
            if (isFolder && plan.HasFolder(path))
            {
                using var below = folder.TryOpenFolder(name);
                if (below is not null)
                    await CleanAsync(below, path + "/", plan, cancellationToken).ConfigureAwait(false);
            }
            else if (isFolder || !plan.HasFile(path))
            {
                folder.Remove(name);
                await results.AddAsync(new RestoreResult.Removed(plan.Folders.PathOf(path))).ConfigureAwait(false);
            }
        }
    }
}
