using System.Collections;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Serialization;

namespace ArtifactsPS.Output;

/// <summary>A draft: what Add-ArtifactFile and its like fill, and Publish-Artifact publishes.</summary>
public sealed class Artifact
{
    internal Artifact(ArtifactDraft draft)
    {
        Draft = draft;
        Metadata = MetadataConverter.ToHashtable(draft.Metadata);
    }

    public string Name => Draft.Name;

    public string Type => Draft.Type;

    public string? Description
    {
        get => Draft.Description;
        set => Draft.Description = value;
    }

    /// <summary>Plain values; taken up when the draft is published.</summary>
    public Hashtable Metadata { get; set; }

    public string[] Tags => [.. Draft.Tags];

    /// <summary>The version it began as, <c>mnist:v3</c>.</summary>
    public string? BaseVersion => Draft.BaseVersion?.Reference;

    public long FileCount => Draft.FileCount;

    /// <summary>In bytes.</summary>
    public long Size => Draft.Size;

    /// <summary>The digest it would have if it were published as it is.</summary>
    public string Digest =>
        Task.Run(() => Draft.ComputeDigestAsync(CancellationToken.None)).GetAwaiter().GetResult().ToString();

    /// <summary>The location of the store it goes to.</summary>
    public string Store => Draft.Store.Location;

    internal ArtifactDraft Draft { get; }

    /// <summary>The draft with the metadata that it has now.</summary>
    /// <exception cref="InvalidMetadataException">JSON can't hold a value.</exception>
    internal ArtifactDraft ApplyMetadata()
    {
        var metadata = MetadataConverter.ToJson(Metadata);
        Draft.Metadata = metadata.Count > 0 ? metadata : null;
        return Draft;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
