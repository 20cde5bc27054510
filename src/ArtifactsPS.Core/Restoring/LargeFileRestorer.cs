using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Restores large files: as clones of their objects where possible, otherwise piece by piece.</summary>
/// <param name="store">The store that has the content.</param>
/// <param name="clones">Clones objects.</param>
/// <param name="progress">Counts bytes.</param>
internal sealed class LargeFileRestorer(VersionStore store, ClonedObjects clones, TransferProgress progress)
{
    /// <summary>Restores one file.</summary>
    /// <returns>State of the file.</returns>
    /// <exception cref="ObjectCorruptException">The content doesn't match its digest; no file is left.</exception>
    public async Task<FileState?> RestoreAsync(
        ManifestEntry entry,
        IRestoreFolder folder,
        string name,
        CancellationToken cancellationToken
    )
    {
        if (clones.TryRestore(store.Objects, entry, folder, name, cancellationToken) is { } cloned)
        {
            progress.AddBytes(entry.Size!.Value);
            return cloned;
        }
        return await store
            .Content.RereadAsync(content =>
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
    }
}
