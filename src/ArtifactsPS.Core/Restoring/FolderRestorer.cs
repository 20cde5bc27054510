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
/// Restores a version's files to a folder. What is there and right is left as it is; a file is put in place only when it
/// is whole and its bytes match its digest. It can be stopped and run again.
/// </summary>
/// <param name="version">The version.</param>
/// <param name="destination">The folder's full path; made if it isn't there.</param>
/// <param name="options">What to restore.</param>
/// <param name="progress">Counts files and bytes.</param>
public sealed class FolderRestorer(
    PublishedVersion version,
    string destination,
    RestoreOptions options,
    TransferProgress progress
)
{
    private const int EntriesAtOnce = 1 << 15;

    private readonly Manifest _manifest = version.Manifest;
    private readonly RestoredFiles _restored = new(destination);

    /// <summary>Entries that could not be restored, and why.</summary>
    public ConcurrentQueue<ItemFailure> Failures { get; } = new();

    /// <summary>Full paths of the files that are right now, whether they were before or not.</summary>
    public ConcurrentQueue<string> Restored { get; } = new();

    /// <summary>References that lead elsewhere than to files, and were left.</summary>
    public ConcurrentQueue<ManifestEntry> Left { get; } = new();

    /// <summary>Full paths of what was removed because it isn't in the version.</summary>
    public ConcurrentQueue<string> Removed { get; } = new();

    /// <summary>Restores the entries.</summary>
    /// <exception cref="PathNotRestorableException">An entry can't be restored there; nothing was written.</exception>
    /// <exception cref="ArtifactEntryNotFoundException">No entry is chosen; nothing was written.</exception>
    /// <exception cref="DestinationFullException">There is no room left; what was restored is whole.</exception>
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
                "that is a file",
                "Choose a folder as the destination."
            );
        if (options.Clean)
            CheckMayBeCleaned();
        var plan = await RestorePlan
            .MakeAsync(_manifest, destination, options, cancellationToken)
            .ConfigureAwait(false);
        if (plan.Count == 0 && !options.Selector.IsPattern)
            throw new ArtifactEntryNotFoundException(options.Selector.Text, version.Reference);
        progress.Expect(plan.Count, plan.Size);
        using var folders = plan.Folders;
        folders.Create();
        await new RestoreLeftovers(_manifest, folders).RemoveAsync(cancellationToken).ConfigureAwait(false);
        var isWhole = false;
        try
        {
            await RestoreAllAsync(plan, cancellationToken).ConfigureAwait(false);
            isWhole = Failures.IsEmpty && options.Selector == EntrySelector.All;
        }
        finally
        {
            await _restored.SaveAsync(keepUnseen: !isWhole).ConfigureAwait(false);
        }
        if (options.Clean && Failures.IsEmpty)
            Clean(folders.Root, "", plan, cancellationToken);
    }

    private async Task RestoreAllAsync(RestorePlan plan, CancellationToken cancellationToken)
    {
        var folders = plan.Folders;
        var some = new List<ManifestEntry>();
        var entries = plan.Chosen is { } chosen
            ? AsyncStream.Of(chosen)
            : version.EntriesAsync(options.Selector, cancellationToken);
        await foreach (var entry in entries.ConfigureAwait(false))
        {
            some.Add(entry);
            if (some.Count < EntriesAtOnce)
                continue;
            await RestoreAsync(some, folders, cancellationToken).ConfigureAwait(false);
            some.Clear();
        }
        await RestoreAsync(some, folders, cancellationToken).ConfigureAwait(false);
    }

    private async Task RestoreAsync(
        List<ManifestEntry> entries,
        DestinationFolders folders,
        CancellationToken cancellationToken
    )
    {
        var wrong = new ConcurrentBag<ManifestEntry>();
        using (var looking = new WorkQueue<ManifestEntry>(LookAsync, cancellationToken))
        {
            foreach (var entry in entries)
                if (folders.Exists(entry.Path.ToString()))
                    await looking.AddAsync(entry).ConfigureAwait(false);
                else
                    wrong.Add(entry);
            await looking.CompleteAsync().ConfigureAwait(false);
        }

        using var writing = new WorkQueue<BlobBatch<ManifestEntry>>(
            (batch, token) => WriteAsync(batch, folders, token),
            cancellationToken
        );
        var blobs = wrong.Where(entry => entry.Uri is null).Select(entry => (entry, entry.Blob));
        foreach (var batch in BlobBatch<ManifestEntry>.Plan(blobs))
            await writing.AddAsync(batch).ConfigureAwait(false);
        foreach (var reference in wrong.Where(entry => entry.Uri is not null))
            await ForEntryAsync(reference, folders, CopyReferenceAsync, cancellationToken).ConfigureAwait(false);
        await writing.CompleteAsync().ConfigureAwait(false);

        Task LookAsync(WorkQueue<ManifestEntry>.Share share, CancellationToken token)
        {
            using var looker = new RestoredLooker(folders, _restored);
            while (share.TryTake(out var entry))
            {
                token.ThrowIfCancellationRequested();
                if (looker.IsRight(entry, token))
                {
                    progress.AddBytes(entry.Size ?? 0);
                    Done(folders.PathOf(entry.Path.ToString()));
                }
                else
                    wrong.Add(entry);
            }
            return Task.CompletedTask;
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
                    (entry, failure) => Failures.Enqueue(new ItemFailure(entry.Path.ToString(), failure)),
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
        await folder
            .WriteAsync(
                name,
                entry.Executable,
                write =>
                    version.Store.Content.CopyAsync(
                        entry.Blob,
                        async (bytes, count) =>
                        {
                            await write(bytes, count).ConfigureAwait(false);
                            progress.AddBytes(count);
                        },
                        cancellationToken
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
            Left.Enqueue(entry);
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

    // What goes wrong with one entry leaves the others to be restored. One that is left has no state.
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
            Done(fullPath);
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
            Failures.Enqueue(new ItemFailure(path, e));
        }
    }

    private void Done(string path)
    {
        progress.AddFile();
        Restored.Enqueue(path);
    }

    // A slip of the hand that would cost what no version has.
    private void CheckMayBeCleaned()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var fault =
            Contains(destination, version.Store.Location) ? "the artifact store itself is there"
            : Contains(version.Store.Location, destination) ? "the folder is the artifact store's own"
            : Contains(destination, home) ? "your home folder is there"
            : null;
        if (fault is not null)
            throw new PathNotRestorableException(
                destination,
                destination,
                $"{fault}, and -Clean would remove it",
                "Choose another destination, or leave -Clean out."
            );

        static bool Contains(string folder, string path) =>
            path.Length > 0
            && (path + Path.DirectorySeparatorChar).StartsWith(
                folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar,
                StringComparison.OrdinalIgnoreCase
            );
    }

    private void Clean(IRestoreFolder folder, string prefix, RestorePlan plan, CancellationToken cancellationToken)
    {
        foreach (var name in folder.Names())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = prefix + name;
            var isFolder = DestinationFolders.IsFolder(folder.AttributesOf(name));
            if (isFolder && plan.WantsFolder(path))
            {
                using var below = folder.TryOpenFolder(name);
                if (below is not null)
                    Clean(below, path + "/", plan, cancellationToken);
            }
            else if (isFolder || !plan.Wants(path))
            {
                folder.Remove(name);
                Removed.Enqueue(plan.Folders.PathOf(path));
            }
        }
    }
}
