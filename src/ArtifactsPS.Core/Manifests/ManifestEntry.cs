using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Item of a manifest page: an entry on the lowest level, a reference to a page on the levels above.</summary>
internal interface IPageItem
{
    /// <summary>Path by which items are sorted.</summary>
    EntryPath Key { get; }
}

/// <summary>Entry of a manifest: a file, or a reference to an external resource.</summary>
public sealed class ManifestEntry : IPageItem, IStoredContent
{
    // A draft with a million files has a million instances. Separate fields avoid the padding of nullable structs.
    private const long UnknownSize = -1;

    private readonly Digest _digest;
    private readonly BlobContainer? _container;
    private readonly long _offset;
    private readonly long _size;
    private readonly int _encodedLength;
    private readonly BlobEncoding _encoding;
    private readonly bool _hasDigest;

    // Files don't pay for the properties of references.
    private readonly ReferenceTarget? _target;

    private ManifestEntry(EntryPath path, ReferenceTarget? target, Digest? digest, long? size, BlobLocation location)
    {
        Path = path;
        _target = target;
        _digest = digest ?? default;
        _hasDigest = digest is not null;
        _size = size ?? UnknownSize;
        (_container, _offset, _encoding, _encodedLength) = location;
    }

    public EntryPath Path { get; }

    /// <summary>SHA-256 of the content; null for a reference without a known digest.</summary>
    public Digest? Digest => _hasDigest ? _digest : null;

    /// <summary>Size in bytes; null for a reference of unknown size.</summary>
    public long? Size => _size == UnknownSize ? null : _size;

    /// <summary>Whether the file's owner may execute it.</summary>
    public bool Executable { get; private init; }

    /// <summary>Target of a reference; null for a file.</summary>
    public string? Uri => _target?.Uri;

    /// <summary>What was known about the target of a reference when it was added; null for a file.</summary>
    public TargetProperties? Target => _target?.Properties;

    /// <summary>Location of a file's bytes in the store.</summary>
    public BlobLocation Location => new(_container, _offset, _encoding, _encodedLength);

    EntryPath IPageItem.Key => Path;

    Digest IStoredContent.Digest => _digest;

    /// <summary>Whether a file's raw bytes are all of an object.</summary>
    internal bool IsWholeObject =>
        Uri is null && Location is { Offset: 0, Encoding: BlobEncoding.Raw, StoredIn: { } stored } && stored == Digest;

    /// <summary>A file's content as a blob.</summary>
    /// <exception cref="InvalidOperationException">The entry is a reference.</exception>
    public Blob Blob =>
        _target is null
            ? new Blob(Digest!.Value, Size!.Value, Location)
            : throw new InvalidOperationException($"'{Path}' is a reference to {Uri}.");

    public static ManifestEntry File(EntryPath path, Blob blob, bool executable) =>
        new(path, target: null, blob.Digest, blob.Size, blob.Location) { Executable = executable };

    /// <summary>Creates a reference to an external resource of which only digest and size are known.</summary>
    /// <inheritdoc cref="ReferenceTo"/>
    public static ManifestEntry Reference(EntryPath path, string uri, Digest? digest, long? size) =>
        ReferenceTo(path, uri, digest, new TargetProperties { Size = size });

    /// <summary>Creates a reference to an external resource.</summary>
    /// <exception cref="InvalidReferenceException">The URI is not allowed, or a property is out of range.</exception>
    public static ManifestEntry ReferenceTo(EntryPath path, string uri, Digest? digest, TargetProperties properties) =>
        new(
            path,
            new ReferenceTarget(ReferenceUri.Check(uri), properties.Checked(uri)),
            digest,
            properties.Size,
            location: default
        );

    /// <summary>Returns the entry at another path.</summary>
    public ManifestEntry At(EntryPath path) => new(path, _target, Digest, Size, Location) { Executable = Executable };

    /// <summary>Whether two entries have equal content and properties. Ignores path and location.</summary>
    public bool HasSameContent(ManifestEntry other) =>
        Digest == other.Digest
        && Size == other.Size
        && Executable == other.Executable
        && EqualityComparer<ReferenceTarget?>.Default.Equals(_target, other._target);

    private sealed record ReferenceTarget(string Uri, TargetProperties Properties);
}
