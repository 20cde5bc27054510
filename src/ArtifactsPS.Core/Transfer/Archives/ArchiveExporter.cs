using System.IO.Compression;
using System.Reflection;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>Writes a version as one .zip, whose files any program for such archives reads. The same version gives the same
/// archive. References are in its manifest only.</summary>
/// <param name="version">The version.</param>
/// <param name="compression">How hard to compress.</param>
/// <param name="progress">Counts files and bytes.</param>
public sealed class ArchiveExporter(PublishedVersion version, CompressionLevel compression, TransferProgress progress)
{
    private const int RegularFile = 0x8000;
    private const int ReadableByAll = 0x1A4;
    private const int RunnableByAll = 0x49;

    // What the format can say: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.4.6.
    private static readonly DateTime Earliest = new(1980, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    // netstandard2.0 has no name for it; .NET Framework 4.7.2 and .NET have it.
    private static readonly PropertyInfo? ExternalAttributes = typeof(ZipArchiveEntry).GetProperty(
        "ExternalAttributes"
    );

    private readonly DateTimeOffset _time = new(
        version.Record.CreatedAt.UtcDateTime > Earliest ? version.Record.CreatedAt.UtcDateTime : Earliest,
        TimeSpan.Zero
    );

    /// <summary>Writes the archive, which gets its name when it is whole.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="replace">Whether a file may be there, and go.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ArchiveExistsException">A file is there.</exception>
    /// <exception cref="ObjectMissingException">Content is gone.</exception>
    /// <exception cref="ObjectCorruptException">Content isn't what its digest says.</exception>
    public async Task ExportAsync(string path, bool replace, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            throw new IOException(
                $"'{path}' is a folder. Give the path of a file, such as '{version.Name}.zip' in it."
            );
        if (!replace && File.Exists(path))
            throw new ArchiveExistsException(path);
        progress.Expect(version.Record.Root.EntryCount, version.Record.Root.TotalSize);
        await FileReplacement
            .WriteAsync(path, executable: false, stream => WriteAsync(stream, cancellationToken))
            .ConfigureAwait(false);
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using (var manifest = Create(archive, ArchiveManifest.FileName, executable: false).Open())
            await ArchiveManifestWriter.WriteAsync(version, manifest, cancellationToken).ConfigureAwait(false);
        await foreach (var entry in version.Manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Uri is null)
                await WriteAsync(archive, entry, cancellationToken).ConfigureAwait(false);
            progress.AddFile();
        }
    }

    private async Task WriteAsync(ZipArchive archive, ManifestEntry entry, CancellationToken cancellationToken)
    {
        var item = Create(archive, ArchiveManifest.FilesFolder + entry.Path, entry.Executable);
        using var file = item.Open();
        await version
            .Store.Content.CopyAsync(
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

/// <summary>There is a file where an archive is to be written.</summary>
public sealed class ArchiveExistsException(string path)
    : ArtifactsException($"'{path}' is there already. Give -Force to replace it, or another path.", path)
{
    public override string ErrorId => "ArchiveExists";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}
