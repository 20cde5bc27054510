namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Results of a restore, by kind.</summary>
internal sealed class RestoreResults : IResultSink<RestoreResult>
{
    private readonly ResultList<RestoreResult> _all = [];

    public IReadOnlyList<ItemFailure> Failures => [.. _all.OfType<RestoreResult.Failed>().Select(one => one.Failure)];

    public IReadOnlyList<string> Restored => [.. _all.OfType<RestoreResult.Restored>().Select(one => one.Path)];

    public IReadOnlyList<string> Removed => [.. _all.OfType<RestoreResult.Removed>().Select(one => one.Path)];

    public IReadOnlyList<ManifestEntry> Skipped => [.. _all.OfType<RestoreResult.Skipped>().Select(one => one.Entry)];

    public ValueTask AddAsync(RestoreResult result) => _all.AddAsync(result);
}
