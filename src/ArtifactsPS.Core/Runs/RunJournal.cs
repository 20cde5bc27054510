using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Runs;

/// <summary>
/// Records of runs: <c>runs/&lt;id&gt;/start.json</c> and, after the end, <c>end.json</c>. Both are written once.
/// </summary>
public sealed class RunJournal(VersionStore store)
{
    private const int RunsReadAtOnce = 16;

    /// <summary>Records the start of a run.</summary>
    public Task StartAsync(RunRecord run, CancellationToken cancellationToken) =>
        store.Objects.TryCreateAsync(StartKey(run.Id), SealedRecord.Encode(run.StartToJson()), cancellationToken);

    /// <summary>Records the end of a run. A recorded end is left unchanged.</summary>
    /// <returns>The recorded run.</returns>
    /// <exception cref="ArtifactRunNotFoundException">The run does not exist.</exception>
    public async Task<RunRecord> StopAsync(RunId id, RunEnding ending, CancellationToken cancellationToken)
    {
        var run =
            await FindAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new ArtifactRunNotFoundException(id.ToString(), store.Location);
        if (run.EndedAt is not null)
            return run;
        run = run with { EndedAt = Timestamp.Now(), Ending = ending };
        var created = await store
            .Objects.TryCreateAsync(EndKey(id), SealedRecord.Encode(run.EndToJson()), cancellationToken)
            .ConfigureAwait(false);
        return created ? run : (await FindAsync(id, cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>Reads the record of a run; null if the run does not exist.</summary>
    /// <exception cref="ObjectCorruptException">The record is damaged.</exception>
    public async Task<RunRecord?> FindAsync(RunId id, CancellationToken cancellationToken)
    {
        var key = StartKey(id);
        var reading = SealedRecord.ReadAsync(store.Objects, EndKey(id), cancellationToken);
        var start = await SealedRecord.ReadAsync(store.Objects, key, cancellationToken).ConfigureAwait(false);
        var end = await reading.ConfigureAwait(false);
        if (start is null)
            return null;
        try
        {
            return RunRecord.FromJson(start.ToJson(), end?.ToJson());
        }
        catch (InvalidDataException e)
        {
            throw new ObjectCorruptException(store.Location, key, e.Message);
        }
    }

    /// <summary>Streams all runs, oldest first.</summary>
    public IAsyncEnumerable<RunRecord> ListAsync(CancellationToken cancellationToken) =>
        ListAsync(newestFirst: false, cancellationToken);

    /// <summary>Streams all runs, oldest or newest first.</summary>
    public async IAsyncEnumerable<RunRecord> ListAsync(
        bool newestFirst,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // Ids begin with the start time.
        var folders = await store
            .ListFoldersAsync(StoreLayout.Runs, _ => true, cancellationToken)
            .ConfigureAwait(false);
        var ids = folders.Select(folder => RunId.TryParseKey(folder, out var id) ? id : null).OfType<RunId>();
        if (newestFirst)
            ids = ids.Reverse();
        var runs = InParallel.SelectAsync(
            ids,
            RunsReadAtOnce,
            id => Task.Run(() => FindAsync(id, cancellationToken), cancellationToken)
        );
        await foreach (var (_, run) in runs.ConfigureAwait(false))
            if (run is not null)
                yield return run;
    }

    /// <summary>Checks the name of a group, which is also a distributed id.</summary>
    /// <exception cref="InvalidArtifactRunException">It is invalid.</exception>
    public static string CheckGroup(string group) =>
        KeyName.Fault(group) is { } fault ? throw new InvalidArtifactRunException(group, "run group", fault) : group;

    private static string StartKey(RunId id) => StoreLayout.RunFolder(id) + "start.json";

    private static string EndKey(RunId id) => StoreLayout.RunFolder(id) + "end.json";
}
