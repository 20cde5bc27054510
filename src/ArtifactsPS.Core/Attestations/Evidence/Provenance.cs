using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Attestations.Evidence;

/// <summary>Provenance (SLSA 1.0) of a version that a run publishes: the builder, and what was used. It is a claim of the process
/// that publishes.</summary>
internal static class Provenance
{
    public const string PredicateType = "https://slsa.dev/provenance/v1";

    private const string BuildType = "https://github.com/ArtifactsPS/ArtifactsPS/blob/main/docs/provenance.md";

    /// <summary>Records the provenance of a version.</summary>
    /// <param name="id">The run that publishes it.</param>
    /// <param name="variable">Returns an environment variable; null if it isn't set.</param>
    public static async Task RecordAsync(
        PublishedVersion version,
        RunId id,
        Func<string, string?> variable,
        CancellationToken cancellationToken
    )
    {
        var store = version.Store;
        var reading = new RunJournal(store).FindAsync(id, cancellationToken);
        var inputs = await new RunLinks(store).InputsOfAsync(id, cancellationToken).ConfigureAwait(false);
        var run = await reading.ConfigureAwait(false);
        var now = Timestamp.Now();
        var record = EvidenceRecorder.Record(
            version.Name,
            version.Record,
            PredicateType,
            Predicate(id, run, inputs, BuildService.Detect(variable), now),
            key: null,
            now
        );
        await new AttestationStore(store.Objects)
            .AddAsync(version.Key, version.Record.Number, record, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>The predicate of the statement.</summary>
    /// <param name="run">Record of the run; null where the store has none.</param>
    /// <param name="inputs">Versions that the run has used.</param>
    /// <param name="service">The CI service; null outside of one.</param>
    internal static JObject Predicate(
        RunId id,
        RunRecord? run,
        IReadOnlyList<(VersionLink Version, Digest Digest)> inputs,
        BuildService? service,
        DateTimeOffset finishedAt
    )
    {
        var commit = service?.Commit ?? run?.GitCommit;
        var dependencies = new JArray(
            inputs.Select(input => new JObject
            {
                ["name"] = input.Version.Reference,
                ["digest"] = new JObject { ["sha256"] = input.Digest.Hex },
            })
        );
        if (commit is not null)
        {
            var source = new JObject();
            if (service?.Repository is { } repository)
                source["uri"] = $"git+{repository}" + (service.Reference is { } reference ? $"@{reference}" : "");
            source["digest"] = new JObject { ["gitCommit"] = commit };
            dependencies.Add(source);
        }
        var metadata = new JObject { ["invocationId"] = service?.Invocation ?? id.ToString() };
        if (run is not null)
            metadata["startedOn"] = Timestamp.Format(run.StartedAt);
        metadata["finishedOn"] = Timestamp.Format(finishedAt);
        var external = new JObject { ["run"] = run?.Name ?? id.ToString() };
        if (run?.JobType is { } jobType)
            external["jobType"] = jobType;
        var internals = new JObject { ["runId"] = id.ToString() };
        if (service?.Actor is { } actor)
            internals["actor"] = actor;
        return new JObject
        {
            ["buildDefinition"] = new JObject
            {
                ["buildType"] = BuildType,
                ["externalParameters"] = external,
                ["internalParameters"] = internals,
                ["resolvedDependencies"] = dependencies,
            },
            ["runDetails"] = new JObject
            {
                ["builder"] = new JObject
                {
                    ["id"] = service?.Builder ?? $"artifacts://{Uri.EscapeDataString(Author.Current)}",
                    ["version"] = new JObject
                    {
                        ["Artifacts"] = typeof(Provenance).Assembly.GetName().Version?.ToString(3) ?? "",
                    },
                },
                ["metadata"] = metadata,
            },
        };
    }
}
