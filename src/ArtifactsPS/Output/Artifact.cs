using System.Collections;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Serialization;

namespace ArtifactsPS.Output;

/// <summary>A draft: an artifact that is being put together and can be published.</summary>
public sealed class Artifact
{
    internal Artifact(ArtifactDraft draft)
    {
        Draft = draft;
        Metadata = MetadataConverter.ToHashtable(draft.Metadata);
    }

    public string Name => Draft.Name.ToString();

    public string Type => Draft.Type.ToString();

    public string? Description
    {
        get => Draft.Description;
        set => Draft.Description = value;
    }

    /// <summary>Plain values; read when the draft is published.</summary>
    public Hashtable Metadata { get; set; }

    public string[] Tags => [.. Draft.Tags.Select(tag => tag.ToString())];

    /// <summary>The version that the draft is based on, such as <c>mnist:v3</c>; null for none.</summary>
    public string? BaseVersion => Draft.BaseVersion?.Reference;

    public long FileCount => Draft.FileCount;

    /// <summary>Total size in bytes.</summary>
    public long Size => Draft.Size;

    /// <summary>What could not be added, and why; empty if the draft is complete.</summary>
    public string[] Failures =>
        [.. Draft.Failures.ToList().Select(failure => $"{failure.Item}: {failure.Exception.Message}")];

    /// <summary>Digest of the version that publishing the draft now would create.</summary>
    public string Digest =>
        Task.Run(() => Draft.ComputeDigestAsync(CancellationToken.None)).GetAwaiter().GetResult().ToString();

    /// <summary>Location of the store that the draft belongs to.</summary>
    public string Store => Draft.Store.Location;

    internal ArtifactDraft Draft { get; }

    /// <summary>Copies <see cref="Metadata"/> to the draft and returns the draft.</summary>
    /// <exception cref="InvalidMetadataException">A value can't be represented in JSON.</exception>
    internal ArtifactDraft ApplyMetadata()
    {
        var metadata = MetadataConverter.ToJson(Metadata);
        Draft.Metadata = metadata.Count > 0 ? metadata : null;
        return Draft;
    }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.OfNone("draft", Name);

    /// <inheritdoc cref="ItemPath.TextOf"/>
    public override string ToString() => ItemPath.TextOf("draft", Name);
}
