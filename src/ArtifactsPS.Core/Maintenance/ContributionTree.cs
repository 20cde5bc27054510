using ArtifactsPS.Core.Reachability;

namespace ArtifactsPS.Core.Maintenance;

/// <summary>Trees of a distributed version that is not published yet.</summary>
/// <param name="Id">The distributed id.</param>
internal sealed record ContributionTree(string Name, string Id)
    : TreeOwner($"the contributions to '{Name}' under '{Id}'");
