using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance;

/// <summary>Trees of a distributed version that is not published yet.</summary>
/// <param name="Id">The distributed id.</param>
internal sealed record ContributionTree(ArtifactKey Artifact, DistributedId Id)
    : TreeOwner($"the contributions to '{Artifact}' under '{Id}'");
