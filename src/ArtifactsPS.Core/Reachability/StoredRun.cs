using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>A run of bytes of an object.</summary>
/// <param name="Object">The object.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Size">In bytes.</param>
internal readonly record struct StoredRun(Digest Object, long Offset, long Size);
