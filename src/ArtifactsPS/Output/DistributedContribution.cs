using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>What one writer adds to a version that several make together.</summary>
public sealed class DistributedContribution
{
    internal DistributedContribution(DistributedLog log, Contribution contribution)
    {
        Name = log.Name;
        DistributedId = log.Id;
        Number = contribution.Number;
        Contributor = contribution.Contributor;
        FileCount = contribution.Adds.EntryCount;
        RemovedCount = contribution.RemovedCount;
        Size = contribution.Adds.TotalSize;
        BaseVersion = contribution.Base is { } from ? ArtifactReference.To(log.Name, from.Version).ToString() : null;
        At = contribution.At.LocalDateTime;
        By = contribution.By;
        RunId = contribution.RunId;
        Store = log.Store.Location;
    }

    /// <summary>The artifact.</summary>
    public string Name { get; }

    public string DistributedId { get; }

    /// <summary>Its place in the order in which contributions reached the store.</summary>
    public long Number { get; }

    /// <summary>The writer; a later contribution of the same writer replaces an earlier one, path by path.</summary>
    public string Contributor { get; }

    /// <summary>How many entries it adds or changes.</summary>
    public long FileCount { get; }

    /// <summary>How many entries it takes away.</summary>
    public long RemovedCount { get; }

    /// <summary>Of the entries it adds or changes, in bytes.</summary>
    public long Size { get; }

    /// <summary>The version that all contributions begin from, <c>mnist:v3</c>.</summary>
    public string? BaseVersion { get; }

    /// <summary>Local time.</summary>
    public DateTime At { get; }

    /// <summary>user@machine.</summary>
    public string By { get; }

    public string? RunId { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {DistributedId}: {Contributor}";
}
