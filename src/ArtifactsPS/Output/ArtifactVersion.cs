using System.Collections;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>A published version. All properties are plain values and survive remoting.</summary>
public sealed class ArtifactVersion
{
    private readonly VersionRecord _record;
    private string? _digest;
    private Hashtable? _metadata;

    /// <param name="links">Versions of collections that link the version.</param>
    /// <param name="source">For a link, its source; null for others.</param>
    private ArtifactVersion(PublishedVersion version, IReadOnlyList<LinkedVersion> links, LinkSource? source)
    {
        var record = _record = version.Record;
        Name = version.Name.ToString();
        VersionNumber = record.Number;
        Type = record.Type.ToString();
        Reference = version.Reference;
        Aliases = TextOf(version.Aliases);
        Tags = TextOf(record.Tags);
        Description = record.Description;
        ArtifactDescription = version.ArtifactDescription;
        ArtifactTags = TextOf(version.ArtifactTags);
        FileCount = record.Root.EntryCount;
        Size = record.Root.TotalSize;
        CreatedAt = record.CreatedAt.LocalDateTime;
        CreatedBy = record.CreatedBy;
        RunId = record.RunId?.ToString();
        ExpiresAt = record.ExpiresAt?.LocalDateTime;
        Deduplicated = version.Deduplicated;
        NewBytes = version.Written?.NewBytes;
        StoredBytes = version.Written?.StoredBytes;
        Source = source?.Reference;
        SourceDigest = source is null ? null : Digest;
        SourceStore = source is null ? null : source.Store?.Location ?? version.Store.Location;
        Links = TextOf(links);
        Store = version.Store.Location;
    }

    /// <summary>Describes a version.</summary>
    /// <param name="links">Finds its links and its source.</param>
    /// <param name="run">Runs what reads the store. Most versions need no reading.</param>
    internal static ArtifactVersion Of(
        PublishedVersion version,
        LinkSearch links,
        Func<Func<CancellationToken, Task<ArtifactVersion>>, ArtifactVersion> run
    )
    {
        return version.LinkMarks.Count == 0 && version.Record.Link is null
            ? new ArtifactVersion(version, [], source: null)
            : run(ReadAsync);

        async Task<ArtifactVersion> ReadAsync(CancellationToken cancellationToken) =>
            new(
                version,
                await links.FindAsync(version, cancellationToken).ConfigureAwait(false),
                await links.FindSourceAsync(version, cancellationToken).ConfigureAwait(false)
            );
    }

    public string Name { get; }

    /// <summary><c>v3</c>.</summary>
    public string Version => Reference.Substring(Name.Length + 1);

    public int VersionNumber { get; }

    public string Type { get; }

    /// <summary><c>mnist:v3</c>.</summary>
    public string Reference { get; }

    /// <summary><c>sha256:…</c>; equal for equal content.</summary>
    public string Digest => _digest ??= _record.Digest.ToString();

    public string[] Aliases { get; }

    public string[] Tags { get; }

    public string? Description { get; }

    /// <summary>Description of the artifact as a whole.</summary>
    public string? ArtifactDescription { get; }

    /// <summary>Tags of the artifact as a whole.</summary>
    public string[] ArtifactTags { get; }

    // Created when it is read first: a listing of many versions mostly shows other properties.
    public Hashtable Metadata => _metadata ??= MetadataConverter.ToHashtable(_record.Metadata);

    public long FileCount { get; }

    /// <summary>Total size in bytes.</summary>
    public long Size { get; }

    /// <summary>Local time.</summary>
    public DateTime CreatedAt { get; }

    /// <summary>user@machine.</summary>
    public string CreatedBy { get; }

    public string? RunId { get; }

    /// <summary>Local time.</summary>
    public DateTime? ExpiresAt { get; }

    /// <summary>Whether publishing returned an existing version with the same content.</summary>
    public bool Deduplicated { get; }

    /// <summary>Total size in bytes of the content that the store did not have; null for a version that was looked up.</summary>
    public long? NewBytes { get; }

    /// <summary>Total size in bytes of the content that the store had; null for a version that was looked up.</summary>
    public long? ReusedBytes => NewBytes is { } added ? Math.Max(0, Size - added) : null;

    /// <summary>Bytes that the store has grown by: new content and manifest, compressed; null for a version that was looked
    /// up.</summary>
    public long? StoredBytes { get; }

    /// <summary>For a link, the linked version, such as <c>net:v3</c>; null for others.</summary>
    public string? Source { get; }

    /// <summary>For a link, the digest of the linked version; null for others.</summary>
    public string? SourceDigest { get; }

    /// <summary>For a link, location of the store with the linked version; null for others.</summary>
    public string? SourceStore { get; }

    /// <summary>Versions of collections that link this one, such as <c>churn:v2</c>.</summary>
    public string[] Links { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.Of(Store, Reference);

    /// <inheritdoc/>
    public override string ToString() => Reference;

    private static string[] TextOf<T>(IReadOnlyList<T> items)
        where T : class
    {
        if (items.Count == 0)
            return [];
        var text = new string[items.Count];
        for (var i = 0; i < text.Length; i++)
            text[i] = items[i].ToString()!;
        return text;
    }
}
