using System.IO.Compression;
using ArtifactsPS.Core.Attestations;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>
/// Directory of an archive, checked before any file is read: only names that a version can have, no name twice, and no size
/// that the compressed bytes can't expand to.
/// </summary>
internal sealed class ArchiveDirectory
{
    // Highest ratio of the deflate format, and an allowance for empty streams.
    private const long MaxExpansion = 1032;
    private const long Overhead = 1024;

    private readonly Dictionary<string, ZipArchiveEntry> _files = new(StringComparer.Ordinal);
    private readonly List<ZipArchiveEntry> _attestations = [];

    /// <exception cref="InvalidDataException">The directory is not that of a version's archive.</exception>
    public ArchiveDirectory(ZipArchive archive, long archiveLength)
    {
        long compressed = 0;
        foreach (var item in archive.Entries)
        {
            if (item.CompressedLength > archiveLength - compressed)
                throw new InvalidDataException("its files overlap");
            compressed += item.CompressedLength;
            if (item.Length > item.CompressedLength * MaxExpansion + Overhead)
                throw new InvalidDataException($"'{item.FullName}' has an impossible size");
            if (item.FullName == ArchiveManifest.FileName && Manifest is null)
                Manifest = item;
            else if (item.FullName.StartsWith(ArchiveManifest.AttestationsFolder, StringComparison.Ordinal))
                AddAttestation(item);
            else
                Add(item);
        }
    }

    /// <summary>The manifest's file; null if there is none.</summary>
    public ZipArchiveEntry? Manifest { get; }

    /// <summary>The files of signatures and evidence.</summary>
    public IReadOnlyList<ZipArchiveEntry> Attestations => _attestations;

    public long FileCount { get; private set; }

    /// <summary>Total size of the files in bytes, according to the directory.</summary>
    public long TotalSize { get; private set; }

    /// <summary>A file that was not taken; null if all were.</summary>
    public string? Remaining => _files.Count > 0 ? _files.Keys.First() : null;

    /// <summary>Takes the file of an entry.</summary>
    /// <exception cref="InvalidDataException">The file is missing or has another size.</exception>
    public ZipArchiveEntry Take(ArchivedEntry entry)
    {
        var path = entry.Path.ToString();
        if (!_files.TryGetValue(path, out var file))
            throw new InvalidDataException($"the file '{path}' is missing");
        _files.Remove(path);
        return file.Length == entry.Size
            ? file
            : throw new InvalidDataException($"'{path}' has {file.Length} bytes instead of {entry.Size}");
    }

    private void AddAttestation(ZipArchiveEntry item)
    {
        if (item.FullName == ArchiveManifest.AttestationsFolder && item.Length == 0)
            return;
        if (item.Length > AttestationRecord.MaxLength)
            throw new InvalidDataException($"'{item.FullName}' is longer than any signature or evidence");
        _attestations.Add(item);
    }

    private void Add(ZipArchiveEntry item)
    {
        var name = item.FullName;
        var path = name.StartsWith(ArchiveManifest.FilesFolder, StringComparison.Ordinal)
            ? name.Substring(ArchiveManifest.FilesFolder.Length)
            : null;
        // Archives that other programs create from extracted files list folders as well.
        var isFolder = path is not null && name.EndsWith("/", StringComparison.Ordinal) && item.Length == 0;
        if (isFolder && (path!.Length == 0 || EntryPath.TryParse(path.Substring(0, path.Length - 1), out _)))
            return;
        if (path is null || !EntryPath.TryParse(path, out _))
            throw new InvalidDataException($"'{name}' is not a valid file of a version");
        if (_files.ContainsKey(path))
            throw new InvalidDataException($"'{name}' is listed twice");
        _files.Add(path, item);
        FileCount++;
        TotalSize += item.Length;
    }
}
