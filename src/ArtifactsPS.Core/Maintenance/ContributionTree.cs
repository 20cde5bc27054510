using ArtifactsPS.Core.Reachability;

namespace ArtifactsPS.Core.Maintenance;

/// <summary>What was contributed to a version that isn't published yet.</summary>
/// <param name="Name">The artifact.</param>
/// <param name="Id">The distributed id.</param>
internal sealed record ContributionTree(string Name, string Id)
    : TreeOwner($"the contributions to '{Name}' under '{Id}'");
