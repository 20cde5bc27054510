using System.IO.Compression;
using System.Reflection;
using ArtifactsPS.Core.Attestations;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>Exports a version as one .zip file that other programs can read. The same version gives the same bytes. References
/// are in the manifest only.</summary>
/// <param name="progress">Counts files and bytes.</param>
public sealed class ArchiveExporter(PublishedVersion version, CompressionLevel compression, TransferProgress progress)
{
    private const int BufferSize = 1 << 20;
    private const int RegularFile = 0x8000;
    private const int ReadableByAll = 0x1A4;
    private const int RunnableByAll = 0x49;

    // Limits of the format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.4.6.
    private static readonly DateTime Earliest = new(1980, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    // Not in netstandard2.0, but in .NET Framework 4.7.2 and .NET.
    private static readonly PropertyInfo? ExternalAttributes = typeof(ZipArchiveEntry).GetProperty(
        "ExternalAttributes"
    );

    private readonly DateTimeOffset _time = new(
        version.Record.CreatedAt.UtcDateTime > Earliest ? version.Record.CreatedAt.UtcDateTime : Earliest,
        TimeSpan.Zero
    );

    /// <summary>Writes the archive under a temporary name, and renames it when it is complete.</summary>
    /// <param name="path">Full path of the archive.</param>
    /// <param name="replace">Whether to replace an existing file.</param>
    /// <exception cref="ArchiveExistsException">The file exists.</exception>
    /// <exception cref="ObjectMissingException">Content is missing.</exception>
    /// <exception cref="ObjectCorruptException">Content doesn't match its digest.</exception>
    public async Task ExportAsync(string path, bool replace, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            throw new IOException(
                $"'{path}' is a folder. Give the path of a file, such as '{version.Name}.zip' in it."
            );
        if (!replace && File.Exists(path))
            throw new ArchiveExistsException(path);
        progress.Expect(version.Record.Root.EntryCount, version.Record.Root.TotalSize);
        // The file may have been created since it was checked.
        if (
            !await FileReplacement
                .TryWriteAsync(path, replace, stream => WriteAsync(stream, cancellationToken))
                .ConfigureAwait(false)
        )
            throw new ArchiveExistsException(path);
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using (var manifest = Create(archive, ArchiveManifest.FileName, executable: false).Open())
            await ArchiveManifestWriter.WriteAsync(version, manifest, cancellationToken).ConfigureAwait(false);
        await WriteAttestationsAsync(archive, cancellationToken).ConfigureAwait(false);
        await foreach (var entry in version.Manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Uri is null)
                await WriteAsync(archive, entry, cancellationToken).ConfigureAwait(false);
            progress.AddFile();
        }
    }

    private async Task WriteAttestationsAsync(ZipArchive archive, CancellationToken cancellationToken)
    {
        var attestations = await AttestationStore.ListAsync(version, cancellationToken).ConfigureAwait(false);
        foreach (var stored in attestations)
            if (stored is { Record: { } record, Id: { } id })
            {
                var name = ArchiveManifest.AttestationsFolder + StoreLayout.AttestationFile(id);
                using var file = Create(archive, name, executable: false).Open();
                var bytes = record.Encode();
                await file.WriteAsync(bytes, 0, bytes.Length, cancellationToken).ConfigureAwait(false);
            }
    }

    private async Task WriteAsync(ZipArchive archive, ManifestEntry entry, CancellationToken cancellationToken)
    {
        var item = Create(archive, ArchiveManifest.FilesFolder + entry.Path, entry.Executable);
        using var file = item.Open();
        var owner = await version.FindSourceAsync(cancellationToken).ConfigureAwait(false);
        var content = owner.Store.Content;
        if (content.Store is ICachedStore)
        {
            // What was written to the archive can't be replaced, if it turns out that the cache is damaged.
            using var source = await content.OpenCheckedAsync(entry.Blob, cancellationToken).ConfigureAwait(false);
            await source.CopyToAsync(file, BufferSize, cancellationToken).ConfigureAwait(false);
            progress.AddBytes(entry.Blob.Size);
            return;
        }
        await content
            .CopyAsync(
                entry.Blob,
                async (bytes, count) =>
                {
                    await file.WriteAsync(bytes, 0, count, cancellationToken).ConfigureAwait(false);
                    progress.AddBytes(count);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    private ZipArchiveEntry Create(ZipArchive archive, string name, bool executable)
    {
        var item = archive.CreateEntry(name, compression);
        item.LastWriteTime = _time;
        var mode = RegularFile | ReadableByAll | (executable ? RunnableByAll : 0);
        ExternalAttributes?.SetValue(item, mode << 16);
        return item;
    }
}

/// <summary>The file to export to exists.</summary>
public sealed class ArchiveExistsException(string path)
    : ArtifactsException($"The file '{path}' exists already. Use -Force to replace it, or another path.", path)
{
    public override string ErrorId => "ArchiveExists";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}
