using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>What the manifest's pages are made of: entries at the bottom, references to pages above.</summary>
internal interface IPageItem
{
    /// <summary>The item's place in the order.</summary>
    EntryPath Key { get; }
}

/// <summary>One path of a manifest: a file, or a reference to something outside.</summary>
public sealed class ManifestEntry : IPageItem, IStoredContent
{
    // A draft of a million files holds a million of these: their fields stand side by side, without nullable's padding.
    private const long UnknownSize = -1;

    private readonly Digest _digest;
    private readonly BlobContainer? _container;
    private readonly long _offset;
    private readonly long _size;
    private readonly int _chunkListLength;
    private readonly bool _hasDigest;

    private ManifestEntry(EntryPath path, string? uri, Digest? digest, long? size, BlobLocation location)
    {
        Path = path;
        Uri = uri;
        _digest = digest ?? default;
        _hasDigest = digest is not null;
        _size = size ?? UnknownSize;
        (_container, _offset, _chunkListLength) = location;
    }

    public EntryPath Path { get; }

    /// <summary>SHA-256 of the content; null for a reference that was not hashed.</summary>
    public Digest? Digest => _hasDigest ? _digest : null;

    /// <summary>In bytes; null for a reference of unknown size.</summary>
    public long? Size => _size == UnknownSize ? null : _size;

    /// <summary>Whether the file's owner may run it.</summary>
    public bool Executable { get; private init; }

    /// <summary>Where a reference points; null for a file.</summary>
    public string? Uri { get; }

    /// <summary>Where a file's bytes are.</summary>
    public BlobLocation Location => new(_container, _offset, _chunkListLength);

    EntryPath IPageItem.Key => Path;

    Digest IStoredContent.Digest => _digest;

    /// <summary>A file's content as a blob.</summary>
    /// <exception cref="InvalidOperationException">The entry is a reference.</exception>
    public Blob Blob =>
        Uri is null
            ? new Blob(Digest!.Value, Size!.Value, Location)
            : throw new InvalidOperationException($"'{Path}' is a reference to {Uri}.");

    public static ManifestEntry File(EntryPath path, Blob blob, bool executable) =>
        new(path, uri: null, blob.Digest, blob.Size, blob.Location) { Executable = executable };

    /// <summary>An entry that points outside.</summary>
    /// <exception cref="InvalidReferenceException">It can't point there.</exception>
    public static ManifestEntry Reference(EntryPath path, string uri, Digest? digest, long? size) =>
        new(path, ReferenceUri.Check(uri), digest, size, location: default);

    /// <summary>Whether two entries are the same to whoever uses them, wherever their bytes lie.</summary>
    public bool HasSameContent(ManifestEntry other) =>
        Digest == other.Digest
        && Size == other.Size
        && Executable == other.Executable
        && string.Equals(Uri, other.Uri, StringComparison.Ordinal);
}
