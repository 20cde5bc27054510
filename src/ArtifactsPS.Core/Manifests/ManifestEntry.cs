using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Item of a manifest page: an entry on the lowest level, a reference to a page on the levels above.</summary>
internal interface IPageItem
{
    /// <summary>Path by which items are sorted.</summary>
    EntryPath Key { get; }
}

/// <summary>Entry of a manifest: a file, or a reference to an external resource. A draft with a million entries has a million
/// instances, so the two are small in different ways.</summary>
public abstract class ManifestEntry : IPageItem, IStoredContent
{
    // Avoids the padding of a nullable struct.
    private const long UnknownSize = -1;

    private readonly long _size;

    private protected ManifestEntry(EntryPath path, long? size) => (Path, _size) = (path, size ?? UnknownSize);

    public EntryPath Path { get; }

    /// <summary>SHA-256 of the content; null for a reference without a known digest.</summary>
    public abstract Digest? Digest { get; }

    /// <summary>Size in bytes; null for a reference of unknown size.</summary>
    public long? Size => _size == UnknownSize ? null : _size;

    /// <summary>Whether the file's owner may execute it.</summary>
    public virtual bool Executable => false;

    /// <summary>Target of a reference; null for a file.</summary>
    public virtual string? Uri => null;

    /// <summary>What was known about the target of a reference when it was added; null for a file.</summary>
    public virtual TargetProperties? Target => null;

    /// <summary>Location of a file's bytes in the store.</summary>
    public virtual BlobLocation Location => default;

    EntryPath IPageItem.Key => Path;

    Digest IStoredContent.Digest => Digest ?? default;

    /// <summary>Whether a file's raw bytes are all of an object.</summary>
    internal virtual bool IsWholeObject => false;

    /// <summary>A file's content as a blob.</summary>
    /// <exception cref="InvalidOperationException">The entry is a reference.</exception>
    public virtual Blob Blob => throw new InvalidOperationException($"'{Path}' is a reference to {Uri}.");

    public static ManifestEntry File(EntryPath path, Blob blob, bool executable) =>
        new FileEntry(path, blob, executable);

    /// <summary>Creates a reference to an external resource of which only digest and size are known.</summary>
    /// <inheritdoc cref="ReferenceTo"/>
    public static ManifestEntry Reference(EntryPath path, string uri, Digest? digest, long? size) =>
        ReferenceTo(path, uri, digest, new TargetProperties { Size = size });

    /// <summary>Creates a reference to an external resource.</summary>
    /// <exception cref="InvalidReferenceException">The URI is not allowed, or a property is out of range.</exception>
    public static ManifestEntry ReferenceTo(EntryPath path, string uri, Digest? digest, TargetProperties properties) =>
        new ReferenceEntry(path, ReferenceUri.Check(uri), digest, properties.Checked(uri));

    /// <summary>Returns the entry at another path.</summary>
    public abstract ManifestEntry At(EntryPath path);

    /// <summary>Whether two entries have equal content and properties. Ignores path and location.</summary>
    public bool HasSameContent(ManifestEntry other) =>
        Digest == other.Digest
        && Size == other.Size
        && Executable == other.Executable
        && Target == other.Target
        && Uri == other.Uri;

    private sealed class FileEntry : ManifestEntry
    {
        private readonly Digest _digest;
        private readonly BlobContainer? _container;
        private readonly long _offset;
        private readonly int _encodedLength;
        private readonly BlobEncoding _encoding;

        public FileEntry(EntryPath path, Blob blob, bool executable)
            : base(path, blob.Size)
        {
            _digest = blob.Digest;
            (_container, _offset, _encoding, _encodedLength) = blob.Location;
            Executable = executable;
        }

        public override Digest? Digest => _digest;

        public override bool Executable { get; }

        public override BlobLocation Location => new(_container, _offset, _encoding, _encodedLength);

        public override Blob Blob => new(_digest, _size, Location);

        internal override bool IsWholeObject =>
            Location is { Offset: 0, Encoding: BlobEncoding.Raw, StoredIn: { } stored } && stored == _digest;

        public override ManifestEntry At(EntryPath path) => new FileEntry(path, Blob, Executable);
    }
}
