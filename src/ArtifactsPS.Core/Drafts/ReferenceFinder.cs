using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Finds the entries that references to local files add to a draft: one for a file, and one for each file of a
/// folder.</summary>
public sealed class ReferenceFinder
{
    /// <summary>Path of the entry, or of the folder for the entries of a folder; null for a name from the URI.</summary>
    public string? Name { get; init; }

    /// <summary>Scanner of the folder; null for all its files.</summary>
    public FolderScanner? Scanner { get; init; }

    /// <summary>Digest given by the user; null for none.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Size given by the user; null for none.</summary>
    public long? Size { get; init; }

    /// <summary>Whether files are hashed. Otherwise the given digest and size are recorded unchecked.</summary>
    public bool HashesFiles { get; init; } = true;

    /// <summary>Finds the files of a <c>file:</c> URI.</summary>
    /// <param name="failures">Receives folders that can't be listed, and files whose names no entry can have.</param>
    /// <exception cref="InvalidReferenceException">The URI is invalid.</exception>
    /// <exception cref="InvalidEntryPathException">The name is invalid.</exception>
    public async IAsyncEnumerable<ReferenceTarget> FindAsync(
        string uri,
        IResultSink<ItemFailure> failures,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ReferenceUri.CheckNew(uri);
        var path = ReferencedFile.PathOf(uri) ?? throw new InvalidReferenceException(uri, "Use the URI of a file");
        if (!Directory.Exists(path))
        {
            yield return new ReferenceTarget(
                EntryPath.Parse(Name ?? Path.GetFileName(path)),
                ReferencedFile.UriOf(path),
                path
            );
            yield break;
        }
        var prefix = Name is null ? "" : Name.TrimEnd('/') + "/";
        var scanner = Scanner ?? new FolderScanner(path) { Stores = StoreFolders.OfUser() };
        await foreach (var (relative, file) in scanner.ScanAsync(failures).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            EntryPath entry;
            try
            {
                entry = EntryPath.Parse(prefix + relative);
            }
            catch (InvalidEntryPathException e)
            {
                var failure = LinuxFileName.HasEscape(relative) ? FileNameNotUtf8Exception.Of(file) : (Exception)e;
                await failures.AddAsync(new ItemFailure(file, failure)).ConfigureAwait(false);
                continue;
            }
            yield return new ReferenceTarget(entry, ReferencedFile.UriOf(file), file) { IsInFolder = true };
        }
    }

    /// <summary>Creates the entry of a target. Reads the file, if it is one and is to be hashed.</summary>
    /// <exception cref="ReferenceChangedException">The file has another digest than given.</exception>
    public ManifestEntry ToEntry(ReferenceTarget target, CancellationToken cancellationToken)
    {
        if (!HashesFiles)
            return ManifestEntry.Reference(target.Path, target.Uri, Digest, Size);
        var (digest, size) = ReferencedFile.Hash(target.File, cancellationToken);
        return Digest is { } given && digest != given
            ? throw new ReferenceChangedException(
                target.Path.ToString(),
                target.File,
                $"whose digest is {digest}, not {given}"
            )
            : ManifestEntry.Reference(target.Path, target.Uri, digest, size);
    }
}

/// <summary>File that a draft has no reference to yet.</summary>
/// <param name="Path">Path of the new entry.</param>
/// <param name="Uri">Absolute URI.</param>
/// <param name="File">Full path of the file.</param>
public sealed record ReferenceTarget(EntryPath Path, string Uri, string File)
{
    /// <summary>Whether the file was found in a folder, rather than named itself.</summary>
    public bool IsInFolder { get; init; }
}
