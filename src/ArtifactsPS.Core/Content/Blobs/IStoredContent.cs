using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Content and its location, possibly in a pack that is still being written.</summary>
internal interface IStoredContent
{
    /// <summary>SHA-256 of the bytes.</summary>
    Digest Digest { get; }

    BlobLocation Location { get; }
}
