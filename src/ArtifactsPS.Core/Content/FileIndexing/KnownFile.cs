using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.FileIndexing;

/// <summary>Content of a file that is unchanged since it was added to a <see cref="FileIndex"/>.</summary>
/// <param name="Content">SHA-256 of the content.</param>
/// <param name="Place">Location of the content; null if it is unknown.</param>
/// <param name="IsInBasis">Whether the version for which the index was written uses the object of that location.</param>
internal readonly record struct KnownFile(Digest Content, BlobLocation? Place, bool IsInBasis);
