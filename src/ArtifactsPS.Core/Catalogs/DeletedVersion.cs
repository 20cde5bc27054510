using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>A version as it was before it was deleted.</summary>
/// <param name="Record">The version after all edits and relocations.</param>
/// <param name="Aliases">Its aliases: <c>latest</c> first, the others sorted.</param>
internal sealed record DeletedVersion(VersionRecord Record, IReadOnlyList<AliasName> Aliases);
