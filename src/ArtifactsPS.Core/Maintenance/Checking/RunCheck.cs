using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Checks the records of runs, and the links between runs and versions.</summary>
/// <param name="published">Reports versions that a run's link names, but a catalog does not have.</param>
internal sealed class RunCheck(IObjectStore store, PublishedVersionsCheck published, StoreProblems problems)
{
    private const string Start = "start.json";
    private const string End = "end.json";

    /// <summary>Checks all keys of runs.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        using var checking = new WorkQueue<string>(CheckAsync, cancellationToken);
        await foreach (var key in store.ListAsync(StoreLayout.Runs, cancellationToken).ConfigureAwait(false))
            await checking.AddAsync(key.Key).ConfigureAwait(false);
        await checking.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Checks a link between a run and a version.</summary>
    public async Task CheckLinkAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var record = await SealedRecord.ReadAsync(store, key, cancellationToken).ConfigureAwait(false);
            if (record is not null)
                RecordFields.Read<RunLinkRecord>(RunLinkRecord.Map, record.ToJson());
        }
        catch (Exception e) when (RecordFault.Is(e))
        {
            problems.Add(
                StoreProblemKind.RunRecordDamaged,
                key,
                $"This link between a run and a version is damaged: {RecordFault.Describe(e)}.",
                "No data is lost: the key names the run and the version. Restore the key from a copy of the store.",
                severity: ProblemSeverity.Warning
            );
        }
    }

    private Task CheckAsync(string key, CancellationToken cancellationToken)
    {
        switch (key.Split('/'))
        {
            case [_, var run, Start]:
                return CheckRecordAsync(run, key, start => RunRecord.FromJson(start, null), cancellationToken);
            case [_, var run, End]:
                return CheckEndAsync(run, key, cancellationToken);
            case [_, _, "inputs" or "outputs", var folder, _]:
                return CheckLinkOfRunAsync(folder, key, cancellationToken);
            default:
                problems.AddUnexpected(key, "The module writes no such key for a run.");
                return Task.CompletedTask;
        }
    }

    private async Task CheckLinkOfRunAsync(string folder, string key, CancellationToken cancellationToken)
    {
        await CheckLinkAsync(key, cancellationToken).ConfigureAwait(false);
        if (ArtifactKey.TryParse(folder, out var artifact) && StoreLayout.RunLinkVersion(key) is { } version)
            await published.CheckAsync(artifact, version, $"'{key}' names it", cancellationToken).ConfigureAwait(false);
    }

    private async Task CheckEndAsync(string run, string key, CancellationToken cancellationToken)
    {
        await CheckRecordAsync(run, key, RunRecord.CheckEnd, cancellationToken).ConfigureAwait(false);
        var startKey = $"{StoreLayout.Runs}{run}/{Start}";
        if (!await store.ExistsAsync(startKey, cancellationToken).ConfigureAwait(false))
            problems.Add(
                StoreProblemKind.RunRecordMissing,
                startKey,
                $"The start of the run '{run}' is missing, so the run can't be found."
            );
    }

    private async Task CheckRecordAsync(
        string run,
        string key,
        Action<JObject> parse,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (await SealedRecord.ReadAsync(store, key, cancellationToken).ConfigureAwait(false) is { } record)
                parse(record.ToJson());
        }
        catch (Exception e) when (RecordFault.Is(e))
        {
            problems.Add(
                StoreProblemKind.RunRecordDamaged,
                key,
                $"The record of the run '{run}' is damaged: {RecordFault.Describe(e)}."
            );
        }
    }
}
