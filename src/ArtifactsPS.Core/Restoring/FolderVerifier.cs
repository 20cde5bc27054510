using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Compares a folder with a version, reading every file.</summary>
/// <param name="manifest">Entries of the version.</param>
/// <param name="folder">Full path of the folder.</param>
/// <param name="progress">Counts files and bytes.</param>
public sealed class FolderVerifier(Manifest manifest, string folder, TransferProgress progress)
{
    /// <summary>Differences between the folder and the version, in the order in which they are found.</summary>
    public ConcurrentQueue<VerificationFinding> Findings { get; } = new();

    /// <summary>Compares every entry and every file.</summary>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        progress.Expect(manifest.Root.EntryCount, manifest.Root.TotalSize);
        var known = new HashSet<string>(StringComparer.Ordinal);
        using var comparing = new WorkQueue<ManifestEntry>(CompareAsync, cancellationToken);
        await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            known.Add(entry.Path.ToString());
            await comparing.AddAsync(entry).ConfigureAwait(false);
        }
        await comparing.CompleteAsync().ConfigureAwait(false);
        FindExtra(known, cancellationToken);
    }

    private Task CompareAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, entry.Path.ToString().Replace('/', Path.DirectorySeparatorChar));
        var attributes = DestinationFolders.AttributesOf(path);
        if ((int)attributes == -1)
        {
            // References whose targets are not files are never restored.
            if (entry.Uri is null || ReferencedFile.PathOf(entry.Uri) is not null)
                Add(entry, VerificationFindingKind.Missing, "it is missing");
        }
        else if ((attributes & FileAttributes.Directory) != 0)
            Add(entry, VerificationFindingKind.Changed, "it is a folder");
        else if ((attributes & FileAttributes.ReparsePoint) != 0)
            Add(entry, VerificationFindingKind.Changed, "it is a link");
        else
            CompareFile(entry, path, cancellationToken);
        progress.AddFile();
        return Task.CompletedTask;
    }

    private void CompareFile(ManifestEntry entry, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var file = new FileReader(path);
            var state = file.State;
            if (entry.Size is { } size && state.Size != size)
                Add(entry, VerificationFindingKind.Changed, $"it has {state.Size} bytes, not {size}");
            else if (entry.Digest is { } digest && FileHash.Of(file, cancellationToken) != digest)
                Add(entry, VerificationFindingKind.Changed, "its content differs");
            else if (entry.Uri is null && UnixPermissions.AreSupported && state.Executable != entry.Executable)
                Add(
                    entry,
                    VerificationFindingKind.Changed,
                    entry.Executable ? "it isn't executable" : "it is executable"
                );
            progress.AddBytes(state.Size);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FileChangedWhileReadingException)
        {
            Add(entry, VerificationFindingKind.Unreadable, e.Message);
        }
    }

    private void FindExtra(HashSet<string> known, CancellationToken cancellationToken)
    {
        var failures = new ConcurrentQueue<ItemFailure>();
        foreach (var (relative, _) in new FolderScanner(folder) { FollowFolderLinks = false }.Scan(failures))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!known.Contains(relative))
                Findings.Enqueue(
                    new VerificationFinding(relative, VerificationFindingKind.Extra, null, "it is not in the version")
                );
        }
        foreach (var failure in failures)
            Findings.Enqueue(
                new VerificationFinding(
                    (string)failure.Item,
                    VerificationFindingKind.Unreadable,
                    null,
                    failure.Exception.Message
                )
            );
    }

    private void Add(ManifestEntry entry, VerificationFindingKind kind, string message) =>
        Findings.Enqueue(new VerificationFinding(entry.Path.ToString(), kind, entry, message));
}
