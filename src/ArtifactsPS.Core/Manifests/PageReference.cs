using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>
/// Page of a manifest's tree with the totals of everything below it. A written page is a <see cref="PageReference"/>, an
/// unwritten one an <see cref="UnstoredPage"/>.
/// </summary>
public abstract class TreePage : IPageItem
{
    private protected TreePage() { }

    /// <summary>First path below the page. Empty for a page without entries, and where only the root's location is
    /// recorded.</summary>
    public required EntryPath First { get; init; }

    /// <summary>0 for a page of entries, otherwise one more than the level of the pages it lists.</summary>
    public required int Level { get; init; }

    /// <summary>Covers everything below the page except the location of bytes. The root's digest is the version's.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Number of entries below the page.</summary>
    public required long EntryCount { get; init; }

    /// <summary>Total size of the entries' content in bytes.</summary>
    public required long TotalSize { get; init; }

    EntryPath IPageItem.Key => First;
}

/// <summary>Page that was written to an object, possibly to a pack that is not sealed yet.</summary>
public sealed class PageReference : TreePage
{
    /// <summary>Location of the page's JSON, or of its frame.</summary>
    public required BlobLocation Location { get; init; }

    /// <summary>Length of the page's JSON in bytes.</summary>
    public required int Length { get; init; }
}

/// <summary>Page that exists in memory only.</summary>
internal sealed class UnstoredPage : TreePage
{
    public required ManifestPage Content { get; init; }

    /// <summary>Creates the reference to this page once it was written.</summary>
    public PageReference At(BlobLocation location, int length) =>
        new()
        {
            First = First,
            Level = Level,
            Digest = Digest,
            EntryCount = EntryCount,
            TotalSize = TotalSize,
            Location = location,
            Length = length,
        };
}
