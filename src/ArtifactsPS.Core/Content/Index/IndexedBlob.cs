using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>Content of a file or a chunk, and its location in a store.</summary>
/// <param name="Digest">SHA-256 of the content.</param>
/// <param name="Location">The location; not empty.</param>
internal readonly record struct IndexedBlob(Digest Digest, BlobLocation Location);
