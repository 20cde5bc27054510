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
/// <param name="findings">Receives the differences, in the order in which they are found.</param>
/// <param name="progress">Counts files and bytes.</param>
public sealed class FolderVerifier(
    Manifest manifest,
    string folder,
    IResultSink<VerificationFinding> findings,
    TransferProgress progress
)
{
    /// <summary>Content of references, which decides which of them are expected.</summary>
    public ReferencedContent References { get; init; } = ReferencedContent.OfFiles;

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
        await FindExtraAsync(known, cancellationToken).ConfigureAwait(false);
    }

    private async Task CompareAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        var path = entry.Path.FileIn(folder);
        var finding = Compare(entry, path, cancellationToken);
        progress.AddFile();
        if (finding is not null)
            await findings.AddAsync(finding).ConfigureAwait(false);
    }

    // Null if the file matches its entry.
    private VerificationFinding? Compare(ManifestEntry entry, string path, CancellationToken cancellationToken)
    {
        var attributes = DestinationFolders.AttributesOf(path);
        if ((int)attributes == -1)
            // References whose targets can't be read are never restored.
            return References.CanRead(entry) ? Finding(entry, VerificationFindingKind.Missing, "it is missing") : null;
        return (attributes & FileAttributes.Directory) != 0
                ? Finding(entry, VerificationFindingKind.Changed, "it is a folder")
            : (attributes & FileAttributes.ReparsePoint) != 0
                ? Finding(entry, VerificationFindingKind.Changed, "it is a link")
            : CompareFile(entry, path, cancellationToken);
    }

    private VerificationFinding? CompareFile(ManifestEntry entry, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var file = new FileReader(path);
            var state = file.State;
            var finding =
                entry.Size is { } size && state.Size != size
                    ? Finding(entry, VerificationFindingKind.Changed, $"it has {state.Size} bytes, not {size}")
                : entry.Digest is { } digest && FileHash.Of(file, cancellationToken) != digest
                    ? Finding(entry, VerificationFindingKind.Changed, "its content differs")
                : entry.Uri is null && !state.AgreesWith(entry.Executable)
                    ? Finding(
                        entry,
                        VerificationFindingKind.Changed,
                        entry.Executable ? "it isn't executable" : "it is executable"
                    )
                : null;
            progress.AddBytes(state.Size);
            return finding;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FileChangedWhileReadingException)
        {
            return Finding(entry, VerificationFindingKind.Unreadable, e.Message);
        }
    }

    private async Task FindExtraAsync(HashSet<string> known, CancellationToken cancellationToken)
    {
        var failures = new ConcurrentQueue<ItemFailure>();
        foreach (var (relative, _) in new FolderScanner(folder) { FollowFolderLinks = false }.Scan(failures))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!known.Contains(relative))
                await findings
                    .AddAsync(
                        new VerificationFinding(
                            LinuxFileName.Display(relative),
                            VerificationFindingKind.Extra,
                            null,
                            "it is not in the version"
                        )
                    )
                    .ConfigureAwait(false);
        }
        foreach (var failure in failures)
            await findings
                .AddAsync(
                    new VerificationFinding(
                        LinuxFileName.Display((string)failure.Item),
                        VerificationFindingKind.Unreadable,
                        null,
                        failure.Exception.Message
                    )
                )
                .ConfigureAwait(false);
    }

    private static VerificationFinding Finding(ManifestEntry entry, VerificationFindingKind kind, string message) =>
        new(entry.Path.ToString(), kind, entry, message);
}
