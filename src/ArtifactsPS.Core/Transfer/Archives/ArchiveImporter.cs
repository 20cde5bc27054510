using System.IO.Compression;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>
/// Publishes what an archive holds. All of it is checked: each file against its digest, and the whole against that of the
/// version; nothing is published of an archive that isn't as <see cref="ArchiveExporter"/> wrote it.
/// </summary>
/// <param name="path">The archive's full path.</param>
/// <param name="store">The store.</param>
/// <param name="progress">Counts files and bytes.</param>
public sealed class ArchiveImporter(string path, VersionStore store, TransferProgress progress)
{
    /// <summary>Publishes the version. It gets the next number, and <c>latest</c> moves to it; where a live version has the
    /// content already, that one gets the tags and aliases, and nothing else changes.</summary>
    /// <param name="name">What the artifact is called; null for what it was called where it was exported.</param>
    /// <param name="aliases">To be moved to the version.</param>
    /// <param name="runId">The run that does it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidArchiveException">It is no such archive.</exception>
    /// <exception cref="ArtifactTypeMismatchException">The artifact is of another type.</exception>
    public async Task<PublishedVersion> ImportAsync(
        string? name,
        IReadOnlyList<string> aliases,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            var directory = new ArchiveDirectory(archive, file.Length);
            progress.Expect(directory.FileCount, directory.TotalSize);
            var listed = directory.Manifest ?? throw new InvalidDataException($"it has no {ArchiveManifest.FileName}");
            using var reader = new ArchiveManifestReader(listed.Open());
            var manifest = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return await PublishAsync(
                    manifest with
                    {
                        Name = Names.CheckName(name ?? manifest.Name),
                        Type = Names.CheckType(manifest.Type),
                    },
                    reader,
                    directory,
                    aliases,
                    runId,
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is InvalidDataException or InvalidReferenceException or Newtonsoft.Json.JsonException)
        {
            throw new InvalidArchiveException(path, e.Message.TrimEnd('.'), e);
        }
    }

    private async Task<PublishedVersion> PublishAsync(
        ArchiveManifest manifest,
        ArchiveManifestReader entries,
        ArchiveDirectory directory,
        IReadOnlyList<string> aliases,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        var target = await TransferTarget
            .ReadAsync(store, manifest.Name, manifest.Type, cancellationToken)
            .ConfigureAwait(false);
        var writer = new StoreWriter(store);
        await using (writer.ConfigureAwait(false))
        {
            var root = await StoreAsync(manifest, entries, directory, target, writer, cancellationToken)
                .ConfigureAwait(false);
            var publication = new Publication
            {
                Name = manifest.Name,
                Type = manifest.Type,
                Description = manifest.Notes.Description,
                Metadata = manifest.Notes.Metadata,
                Tags = manifest.Notes.Tags,
                Aliases = aliases,
                KeepsLatest = true,
                RunId = runId,
            };
            var content = new StoredVersionContent(root, target.Sources);
            return await Publisher.PublishAsync(writer, content, publication, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<PageReference> StoreAsync(
        ArchiveManifest manifest,
        ArchiveManifestReader entries,
        ArchiveDirectory directory,
        TransferTarget target,
        StoreWriter writer,
        CancellationToken cancellationToken
    )
    {
        var stored = await target.Existing.PagesAsync(cancellationToken).ConfigureAwait(false);
        var tree = new TreeBuilder(writer.Content, stored, cancellationToken);
        var files = new ArchivedFileAdder(store.Objects, target.Existing, writer.Content, progress);
        EntryPath last = default;
        while (await entries.NextEntryAsync(cancellationToken).ConfigureAwait(false) is { } entry)
        {
            if (entry.Path <= last)
                throw new InvalidDataException($"'{entry.Path}' is listed twice or out of order");
            last = entry.Path;
            await tree.AddAsync(
                    entry.Uri is null
                        ? await files.AddAsync(entry, directory.Take(entry), cancellationToken).ConfigureAwait(false)
                        : ManifestEntry.Reference(entry.Path, entry.Uri, entry.Digest, entry.Size)
                )
                .ConfigureAwait(false);
        }
        if (directory.Left is { } left)
            throw new InvalidDataException($"'{left}' is not in its list of entries");
        var root = await writer.StoreTreeAsync(tree, cancellationToken).ConfigureAwait(false);
        return root.Digest == manifest.Digest
            ? root
            : throw new InvalidDataException($"its entries come to {root.Digest} and not to {manifest.Digest}");
    }
}
