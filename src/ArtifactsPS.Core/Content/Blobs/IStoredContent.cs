using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Content, and where it is; an object that is still being written has its digest later.</summary>
internal interface IStoredContent
{
    /// <summary>SHA-256 of the bytes.</summary>
    Digest Digest { get; }

    /// <summary>Where they are.</summary>
    BlobLocation Location { get; }
}
