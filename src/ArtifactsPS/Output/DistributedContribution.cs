using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>Contribution of one writer to a version that several writers create.</summary>
public sealed class DistributedContribution
{
    internal DistributedContribution(DistributedLog log, Contribution contribution)
    {
        Name = log.Name.ToString();
        DistributedId = log.Id.ToString();
        Number = contribution.Number;
        Contributor = contribution.Contributor;
        FileCount = contribution.Adds.EntryCount;
        RemovedCount = contribution.RemovedCount;
        Size = contribution.Adds.TotalSize;
        BaseVersion = contribution.Base is { } from ? ArtifactReference.To(log.Name, from.Version).ToString() : null;
        At = contribution.At.LocalDateTime;
        By = contribution.By;
        RunId = contribution.RunId?.ToString();
        Store = log.Store.Location;
    }

    /// <summary>The artifact.</summary>
    public string Name { get; }

    public string DistributedId { get; }

    /// <summary>Number in the order in which contributions were stored.</summary>
    public long Number { get; }

    /// <summary>Name of the writer. A later contribution of a writer replaces paths of an earlier one.</summary>
    public string Contributor { get; }

    /// <summary>Number of added or changed entries.</summary>
    public long FileCount { get; }

    /// <summary>Number of removed entries.</summary>
    public long RemovedCount { get; }

    /// <summary>Total size of added or changed entries, in bytes.</summary>
    public long Size { get; }

    /// <summary>Base version of all contributions, such as <c>mnist:v3</c>; null for none.</summary>
    public string? BaseVersion { get; }

    /// <summary>Local time.</summary>
    public DateTime At { get; }

    /// <summary>user@machine.</summary>
    public string By { get; }

    public string? RunId { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.OfNone("contribution", DistributedId);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {DistributedId}: {Contributor}";
}
