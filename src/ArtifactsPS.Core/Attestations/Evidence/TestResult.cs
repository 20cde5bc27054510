using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Attestations.Evidence;

/// <summary>Outcome of a run of tests.</summary>
public sealed record TestResult
{
    /// <summary>Predicate type of the statement.</summary>
    public const string PredicateType = "https://in-toto.io/attestation/test-result/v0.1";

    private const int MaxNames = 1_000;
    private const int MaxNameLength = 1_000;

    public required int Passed { get; init; }

    public required int Failed { get; init; }

    public required int Skipped { get; init; }

    /// <summary>Whether the run failed as a whole, even if no single test did.</summary>
    public bool HasFailed { get; init; }

    /// <summary>Names of the failed tests, and of other parts that failed.</summary>
    public IReadOnlyList<string> FailedTests { get; init; } = [];

    /// <summary>Duration of the run; null where it is unknown.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Start of the run; null where it is unknown.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Facts about the run for people: framework, versions, file.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether all tests passed that were not skipped.</summary>
    public bool IsPassed => !HasFailed && Failed == 0 && Passed > 0;

    /// <summary>The predicate of the statement. Counts, duration and start are additions to the in-toto format.</summary>
    /// <exception cref="TestResultInvalidException">No test was executed.</exception>
    internal JObject ToPredicate()
    {
        if (Passed + Failed == 0 && !HasFailed)
            throw new TestResultInvalidException("The test result", "no test was executed");
        var predicate = new JObject
        {
            ["result"] = IsPassed ? "PASSED" : "FAILED",
            ["configuration"] = new JArray(
                Configuration.Select(item => new JObject
                {
                    ["name"] = item.Key,
                    ["annotations"] = new JObject { ["value"] = Shortened(item.Value) },
                })
            ),
            ["failedTests"] = new JArray(FailedTests.Take(MaxNames).Select(Shortened)),
            ["counts"] = new JObject
            {
                ["passed"] = Passed,
                ["failed"] = Failed,
                ["skipped"] = Skipped,
            },
        };
        if (Duration is { } duration)
            predicate["durationSeconds"] = Math.Round(duration.TotalSeconds, 3);
        if (StartedAt is { } start)
            predicate["startedAt"] = Timestamp.Format(start);
        return predicate;
    }

    private static string Shortened(string text)
    {
        var plain = DisplayText.Of(text);
        return plain.Length <= MaxNameLength ? plain : plain.Substring(0, MaxNameLength - 1) + "…";
    }
}

/// <summary>A result of tests can't be used as evidence.</summary>
public sealed class TestResultInvalidException(string source, string fault, Exception? inner = null)
    : ArtifactsException(
        $"{source} can't be used as evidence: {fault.TrimEnd('.')}. Give the object from Invoke-Pester -PassThru, or a file with "
            + "results in the format of NUnit or JUnit.",
        source,
        inner
    )
{
    public override string ErrorId => "TestResultInvalid";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}
