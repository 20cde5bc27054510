using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Compares a manifest with the files of a folder, as adding the folder would find them. Reads every file of the
/// manifest's size.</summary>
/// <param name="folder">Full path of the folder.</param>
/// <param name="failures">Receives files that can't be read. They are no differences.</param>
/// <param name="progress">Counts the compared files.</param>
public sealed class FolderComparer(
    Manifest manifest,
    string folder,
    IResultSink<ItemFailure> failures,
    TransferProgress progress
)
{
    private const int FilesAtOnce = 8;

    /// <summary>Content of references, which decides which of them are expected.</summary>
    public ReferencedContent References { get; init; } = ReferencedContent.OfFiles;

    /// <summary>Streams the differences: removed and modified entries sorted by path, then added files in the order of the
    /// folder.</summary>
    public async IAsyncEnumerable<EntryDifference> CompareAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        progress.Expect(manifest.Root.EntryCount, manifest.Root.TotalSize);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var comparing = new Queue<Task<EntryDifference?>>();
        await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            known.Add(entry.Path.ToString());
            comparing.Enqueue(Task.Run(() => CompareAsync(entry, cancellationToken), cancellationToken));
            if (comparing.Count == FilesAtOnce && await comparing.Dequeue().ConfigureAwait(false) is { } found)
                yield return found;
        }
        while (comparing.Count > 0)
            if (await comparing.Dequeue().ConfigureAwait(false) is { } found)
                yield return found;
        var scanner = new FolderScanner(folder) { ReadsIgnoreFiles = true, Stores = StoreFolders.OfUser() };
        await foreach (var (relative, file) in scanner.ScanAsync(failures).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (
                !known.Contains(relative)
                && await ReadAsync(EntryPath.Parse(relative), file, null, cancellationToken).ConfigureAwait(false)
                    is { } added
            )
                yield return new EntryDifference(null, added);
        }
    }

    // Null if the file is equal, or can't be read.
    private async Task<EntryDifference?> CompareAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        var path = entry.Path.FileIn(folder);
        progress.AddFile();
        if (!LocalFileSystem.Current.IsFile(path))
            // References whose targets can't be read are never restored.
            return References.CanRead(entry) ? new EntryDifference(entry, null) : null;
        var file = await ReadAsync(entry.Path, path, entry, cancellationToken).ConfigureAwait(false);
        return file is null || IsEqual(entry, file) ? null : new EntryDifference(entry, file);
    }

    private static bool IsEqual(ManifestEntry entry, ManifestEntry file) =>
        entry.Uri is null
            ? entry.HasSameContent(file)
            : (entry.Size ?? file.Size) == file.Size && (entry.Digest ?? file.Digest) == file.Digest;

    private async Task<ManifestEntry?> ReadAsync(
        EntryPath path,
        string file,
        ManifestEntry? compared,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var reader = new FileReader(file);
            var (digest, size) = FileHash.Measure(reader, cancellationToken);
            progress.AddBytes(size);
            var executable =
                UnixPermissions.AreSupported && !reader.State.LacksExecutableBit
                    ? reader.State.Executable
                    : compared?.Executable ?? false;
            return ManifestEntry.File(path, new Blob(digest, size, default), executable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FileChangedWhileReadingException)
        {
            await failures.AddAsync(new ItemFailure(file, e)).ConfigureAwait(false);
            return null;
        }
    }
}
