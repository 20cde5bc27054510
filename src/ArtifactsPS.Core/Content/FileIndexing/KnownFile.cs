using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.FileIndexing;

/// <summary>What a <see cref="FileIndex"/> knows of a file that is as it was when it was read last.</summary>
/// <param name="Content">What it holds.</param>
/// <param name="Place">Where that was stored; null where that isn't known.</param>
/// <param name="IsInBasis">Whether the version that the index was written for has it there.</param>
internal readonly record struct KnownFile(Digest Content, BlobLocation? Place, bool IsInBasis);
