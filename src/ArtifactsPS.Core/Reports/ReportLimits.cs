namespace ArtifactsPS.Core.Reports;

/// <summary>Limits of a report, so that a browser shows its page at once.</summary>
public sealed record ReportLimits
{
    public static ReportLimits Default { get; } = new();

    /// <summary>Maximum number of versions of an artifact; the newest are shown.</summary>
    public int Versions { get; init; } = 500;

    /// <summary>Maximum number of entries of an artifact; the largest are shown.</summary>
    public int Entries { get; init; } = 5_000;

    /// <summary>Maximum number of entries of all artifacts, divided evenly; at least 100 for each.</summary>
    public int TotalEntries { get; init; } = 50_000;

    /// <summary>Maximum number of versions and runs in the lineage of an artifact; the nearest are shown.</summary>
    public int LineageNodes { get; init; } = 150;

    /// <summary>Maximum number of steps of the lineage.</summary>
    public int LineageLevels { get; init; } = 8;

    /// <summary>Maximum length of the metadata of a version, in characters of JSON; longer metadata is omitted.</summary>
    public int MetadataLength { get; init; } = 4_000;

    /// <summary>Maximum number of signatures and evidence of a version.</summary>
    public int Attestations { get; init; } = 20;

    internal int EntriesOfEach(int artifacts) =>
        Math.Min(Entries, Math.Max(100, TotalEntries / Math.Max(1, artifacts)));
}
