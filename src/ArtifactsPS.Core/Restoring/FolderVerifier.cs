using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Compares a folder with a version, reading every file.</summary>
/// <param name="manifest">The version's entries.</param>
/// <param name="folder">The folder's full path.</param>
/// <param name="progress">Counts files and bytes.</param>
public sealed class FolderVerifier(Manifest manifest, string folder, TransferProgress progress)
{
    /// <summary>What isn't as the version says; filled as it is found.</summary>
    public ConcurrentQueue<Finding> Findings { get; } = new();

    /// <summary>Looks at every entry and every file.</summary>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        progress.Expect(manifest.Root.EntryCount, manifest.Root.TotalSize);
        var known = new HashSet<string>(StringComparer.Ordinal);
        using var looking = new WorkQueue<ManifestEntry>(LookAsync, cancellationToken);
        await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            known.Add(entry.Path.ToString());
            await looking.AddAsync(entry).ConfigureAwait(false);
        }
        await looking.CompleteAsync().ConfigureAwait(false);
        FindExtra(known, cancellationToken);
    }

    private Task LookAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, entry.Path.ToString().Replace('/', Path.DirectorySeparatorChar));
        var attributes = DestinationFolders.AttributesOf(path);
        if ((int)attributes == -1)
        {
            // References to other places than files are never restored.
            if (entry.Uri is null || ReferencedFile.PathOf(entry.Uri) is not null)
                Add(entry, FindingKind.Missing, "it isn't there");
        }
        else if ((attributes & FileAttributes.Directory) != 0)
            Add(entry, FindingKind.Changed, "there is a folder of that name");
        else if ((attributes & FileAttributes.ReparsePoint) != 0)
            Add(entry, FindingKind.Changed, "it is a link");
        else
            LookAtFile(entry, path, cancellationToken);
        progress.AddFile();
        return Task.CompletedTask;
    }

    private void LookAtFile(ManifestEntry entry, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var file = new FileReader(path);
            var state = file.State;
            if (entry.Size is { } size && state.Size != size)
                Add(entry, FindingKind.Changed, $"it has {state.Size} bytes, not {size}");
            else if (entry.Digest is { } digest && FileHash.Of(file, cancellationToken) != digest)
                Add(entry, FindingKind.Changed, "its content differs");
            else if (entry.Uri is null && UnixPermissions.AreSupported && state.Executable != entry.Executable)
                Add(entry, FindingKind.Changed, entry.Executable ? "it isn't executable" : "it is executable");
            progress.AddBytes(state.Size);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FileChangedWhileReadingException)
        {
            Add(entry, FindingKind.Unreadable, e.Message);
        }
    }

    private void FindExtra(HashSet<string> known, CancellationToken cancellationToken)
    {
        var failures = new ConcurrentQueue<ItemFailure>();
        foreach (var (relative, _) in new FolderScanner(folder) { FollowFolderLinks = false }.Scan(failures))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!known.Contains(relative))
                Findings.Enqueue(new Finding(relative, FindingKind.Extra, null, "the version doesn't have it"));
        }
        foreach (var failure in failures)
            Findings.Enqueue(
                new Finding((string)failure.Item, FindingKind.Unreadable, null, failure.Exception.Message)
            );
    }

    private void Add(ManifestEntry entry, FindingKind kind, string message) =>
        Findings.Enqueue(new Finding(entry.Path.ToString(), kind, entry, message));
}
