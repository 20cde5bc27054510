namespace ArtifactsPS.Core.Reports;

/// <summary>How much a report takes in, so that its page stays one that a browser shows at once.</summary>
public sealed record ReportLimits
{
    public static ReportLimits Default { get; } = new();

    /// <summary>The versions of an artifact, the newest first.</summary>
    public int Versions { get; init; } = 500;

    /// <summary>The entries of an artifact's latest version, the largest first.</summary>
    public int Entries { get; init; } = 5_000;

    /// <summary>The entries of all artifacts together, shared out evenly; each has a hundred at least.</summary>
    public int EntriesInAll { get; init; } = 50_000;

    /// <summary>The versions and runs of an artifact's lineage, the nearest first.</summary>
    public int LineageNodes { get; init; } = 150;

    /// <summary>How many steps the lineage is followed.</summary>
    public int LineageLevels { get; init; } = 8;

    /// <summary>The characters of a version's metadata as JSON; what is longer is left out whole.</summary>
    public int MetadataLength { get; init; } = 4_000;

    internal int EntriesOfEach(int artifacts) =>
        Math.Min(Entries, Math.Max(100, EntriesInAll / Math.Max(1, artifacts)));
}
