using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>Run of bytes in an object.</summary>
/// <param name="Offset">Offset in bytes.</param>
/// <param name="Size">Size in bytes.</param>
internal readonly record struct StoredRun(Digest Object, long Offset, long Size);
