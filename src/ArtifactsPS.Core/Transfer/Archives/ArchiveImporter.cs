using System.IO.Compression;
using ArtifactsPS.Core.Attestations;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>
/// Publishes the version in an archive. Each file is checked against its digest, and the whole against the version's digest.
/// Nothing is published of an archive that differs from what <see cref="ArchiveExporter"/> wrote.
/// </summary>
/// <param name="path">Full path of the archive.</param>
/// <param name="progress">Counts files and bytes.</param>
public sealed class ArchiveImporter(string path, VersionStore store, TransferProgress progress)
{
    /// <summary>Publishes the version under the next number, and moves <c>latest</c> to it. If a live version has the same
    /// content, that version gets the tags and aliases instead.</summary>
    /// <param name="name">Name of the artifact; null for its name at the time of export.</param>
    /// <param name="aliases">Aliases to move to the version.</param>
    /// <param name="runId">Id of the run that imports it; null for none.</param>
    /// <exception cref="FileNotFoundException">The file doesn't exist.</exception>
    /// <exception cref="InvalidArchiveException">The file is not an archive of a version, or is damaged.</exception>
    /// <exception cref="ArtifactTypeMismatchException">The artifact has another type.</exception>
    public Task<PublishedVersion> ImportAsync(
        ArtifactName? name,
        IReadOnlyList<AliasName> aliases,
        RunId? runId,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            (manifest, reader, directory) =>
                PublishAsync(
                    name ?? ArtifactName.Parse(manifest.Name),
                    manifest,
                    reader,
                    directory,
                    aliases,
                    runId,
                    cancellationToken
                ),
            cancellationToken
        );

    /// <summary>Checks that the version could be imported now, without reading its files. Changes nothing.</summary>
    /// <exception cref="AliasProtectedException">A rule refuses to move an alias.</exception>
    /// <inheritdoc cref="ImportAsync" path="/param"/>
    /// <inheritdoc cref="ImportAsync" path="/exception"/>
    public Task CheckAsync(ArtifactName? name, IReadOnlyList<AliasName> aliases, CancellationToken cancellationToken) =>
        ReadAsync(
            async (manifest, _, _) =>
            {
                var publication = PublicationOf(
                    name ?? ArtifactName.Parse(manifest.Name),
                    manifest,
                    aliases,
                    runId: null
                );
                await Publisher
                    .CheckAsync(store, manifest.Digest, publication, cancellationToken)
                    .ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    private async Task<T> ReadAsync<T>(
        Func<ArchiveManifest, ArchiveManifestReader, ArchiveDirectory, Task<T>> use,
        CancellationToken cancellationToken
    )
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            using var archive = PackedFile.OpenArchive(file);
            var directory = new ArchiveDirectory(archive, file.Length);
            progress.Expect(directory.FileCount, directory.TotalSize);
            var listed = directory.Manifest ?? throw new InvalidDataException($"it has no {ArchiveManifest.FileName}");
            using var reader = new ArchiveManifestReader(PackedFile.Open(listed));
            var manifest = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return await use(manifest, reader, directory).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is InvalidDataException or InvalidReferenceException or Newtonsoft.Json.JsonException)
        {
            throw new InvalidArchiveException(path, FaultOf(e), e);
        }
    }

    private static Publication PublicationOf(
        ArtifactName name,
        ArchiveManifest manifest,
        IReadOnlyList<AliasName> aliases,
        RunId? runId
    ) =>
        new()
        {
            Name = name,
            Type = manifest.Type,
            Description = manifest.Description,
            Metadata = manifest.Metadata,
            Tags = manifest.Tags,
            Aliases = aliases,
            KeepsLatest = true,
            RunId = runId,
        };

    private static string FaultOf(Exception exception) =>
        exception is Newtonsoft.Json.JsonException ? "its list of entries is damaged" : exception.Message.TrimEnd('.');

    private async Task<PublishedVersion> PublishAsync(
        ArtifactName name,
        ArchiveManifest manifest,
        ArchiveManifestReader entries,
        ArchiveDirectory directory,
        IReadOnlyList<AliasName> aliases,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var target = await TransferTarget
            .ReadAsync(store, name, manifest.Type, cancellationToken)
            .ConfigureAwait(false);
        var writer = new StoreWriter(store);
        await using (writer.ConfigureAwait(false))
        {
            var root = await StoreAsync(manifest, entries, directory, target, writer, cancellationToken)
                .ConfigureAwait(false);
            var publication = PublicationOf(name, manifest, aliases, runId);
            var content = new StoredVersionContent(root, target.Sources);
            var attestations = await ReadAttestationsAsync(manifest, directory, cancellationToken)
                .ConfigureAwait(false);
            var version = await Publisher
                .PublishAsync(writer, content, publication, cancellationToken)
                .ConfigureAwait(false);
            foreach (var attestation in attestations)
                await new AttestationStore(store.Objects)
                    .AddAsync(version.Key, version.Record.Number, attestation, cancellationToken)
                    .ConfigureAwait(false);
            return version;
        }
    }

    private static async Task<IReadOnlyList<AttestationRecord>> ReadAttestationsAsync(
        ArchiveManifest manifest,
        ArchiveDirectory directory,
        CancellationToken cancellationToken
    )
    {
        var records = new List<AttestationRecord>();
        foreach (var item in directory.Attestations)
        {
            using var file = item.Open();
            var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, 81920, cancellationToken).ConfigureAwait(false);
            var record = SealedRecord.Decode(bytes.ToArray());
            var decoded = AttestationRecord.Decode(record);
            if (item.Name != StoreLayout.AttestationFile(record.Digest) || decoded.VersionDigest != manifest.Digest)
                throw new InvalidDataException($"'{item.FullName}' belongs to another version, or was changed");
            records.Add(decoded);
        }
        return records;
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
                        : ManifestEntry.ReferenceTo(entry.Path, entry.Uri, entry.Digest, entry.Target)
                )
                .ConfigureAwait(false);
        }
        if (directory.Remaining is { } remaining)
            throw new InvalidDataException($"'{remaining}' is not in its list of entries");
        var root = await writer.StoreTreeAsync(tree, cancellationToken).ConfigureAwait(false);
        return root.Digest == manifest.Digest
            ? root
            : throw new InvalidDataException($"its entries have the digest {root.Digest} instead of {manifest.Digest}");
    }
}
