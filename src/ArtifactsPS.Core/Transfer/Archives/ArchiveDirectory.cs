using System.IO.Compression;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>
/// What an archive's own directory lists, checked before anything is read: names that can only be a version's, none twice,
/// and no sizes that the archive's bytes can't come to.
/// </summary>
internal sealed class ArchiveDirectory
{
    // What a deflated byte can stand for at the most, and what a stream of none has.
    private const long MaxExpansion = 1032;
    private const long Overhead = 1024;

    private readonly Dictionary<string, ZipArchiveEntry> _files = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">No version's archive has such a directory.</exception>
    public ArchiveDirectory(ZipArchive archive, long archiveLength)
    {
        long compressed = 0;
        foreach (var item in archive.Entries)
        {
            if (item.CompressedLength > archiveLength - compressed)
                throw new InvalidDataException("files in it share their bytes");
            compressed += item.CompressedLength;
            if (item.Length > item.CompressedLength * MaxExpansion + Overhead)
                throw new InvalidDataException($"'{item.FullName}' can't be of the size that is told of it");
            if (item.FullName == ArchiveManifest.FileName && Manifest is null)
                Manifest = item;
            else
                Add(item);
        }
    }

    /// <summary>The manifest; null where there is none.</summary>
    public ZipArchiveEntry? Manifest { get; }

    public long FileCount { get; private set; }

    /// <summary>Of the files, in bytes, as the directory tells.</summary>
    public long TotalSize { get; private set; }

    /// <summary>A file that no entry was found for; null where there is none.</summary>
    public string? Left => _files.Count > 0 ? _files.Keys.First() : null;

    /// <summary>Takes the file of an entry.</summary>
    /// <exception cref="InvalidDataException">It isn't there, or of another size.</exception>
    public ZipArchiveEntry Take(ArchivedEntry entry)
    {
        var path = entry.Path.ToString();
        if (!_files.TryGetValue(path, out var file))
            throw new InvalidDataException($"the file '{path}' is missing");
        _files.Remove(path);
        return file.Length == entry.Size
            ? file
            : throw new InvalidDataException($"'{path}' has {file.Length} bytes and not {entry.Size}");
    }

    private void Add(ZipArchiveEntry item)
    {
        var name = item.FullName;
        var path = name.StartsWith(ArchiveManifest.FilesFolder, StringComparison.Ordinal)
            ? name.Substring(ArchiveManifest.FilesFolder.Length)
            : null;
        // Programs that make archives of what they have extracted list folders, too.
        var isFolder = path is not null && name.EndsWith("/", StringComparison.Ordinal) && item.Length == 0;
        if (isFolder && (path!.Length == 0 || EntryPath.TryParse(path.Substring(0, path.Length - 1), out _)))
            return;
        if (path is null || !EntryPath.TryParse(path, out _))
            throw new InvalidDataException($"'{name}' can't be a file of a version");
        if (_files.ContainsKey(path))
            throw new InvalidDataException($"'{name}' is there twice");
        _files.Add(path, item);
        FileCount++;
        TotalSize += item.Length;
    }
}
