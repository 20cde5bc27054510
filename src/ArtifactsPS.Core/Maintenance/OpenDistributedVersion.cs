using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;

namespace ArtifactsPS.Core.Maintenance;

/// <summary>Content that a distributed version needs until it is published.</summary>
internal static class OpenDistributedVersion
{
    /// <summary>Adds all its trees and blobs to a graph.</summary>
    public static void AddTo(PageGraph graph, TreeOwner owner, DistributedState state)
    {
        foreach (var contribution in state.Contributions)
            Add(contribution);
        if (state.Seal is not { } seal)
            return;
        graph.AddTree(owner, seal.Root);
        if (seal.Own is { } own)
            Add(own);

        void Add(Contribution contribution)
        {
            if (contribution.Adds is PageReference adds)
                graph.AddTree(owner, adds);
            else
                foreach (var entry in ContributedTree.EntriesOf(contribution.Adds)!)
                    if (!entry.Location.IsEmpty)
                        graph.AddBlob(owner, entry.Blob);
            if (contribution.Base is { } from)
                graph.AddTree(owner, from.Root);
            if (contribution.Removes is { } removes)
                graph.AddBlob(owner, removes);
        }
    }
}
