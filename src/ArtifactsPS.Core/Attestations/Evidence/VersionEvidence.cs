using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Attestations.Evidence;

/// <summary>Kind of evidence.</summary>
public enum EvidenceType
{
    /// <summary>Result of tests.</summary>
    Test,

    /// <summary>The run that published the version, and what it used.</summary>
    Provenance,

    /// <summary>Another statement.</summary>
    Other,
}

/// <summary>Evidence of a version: an in-toto statement, and the status of its signature.</summary>
public sealed class VersionEvidence
{
    // Thirty years.
    private const int MaxSeconds = 1_000_000_000;

    private readonly EvidenceStatement _statement;

    internal VersionEvidence(Digest id, EvidenceStatement statement, VersionSignature signature)
    {
        Id = id;
        _statement = statement;
        Signature = signature;
    }

    /// <summary>SHA-256 of the stored evidence, by which it is named.</summary>
    public Digest Id { get; }

    public EvidenceType Type => TypeOf(_statement.PredicateType);

    /// <summary>Whether the evidence has a type, given by its name or by the URI of its format.</summary>
    public bool IsOfType(string type) =>
        string.Equals(type, Type.ToString(), StringComparison.OrdinalIgnoreCase) && Type != EvidenceType.Other
        || type == PredicateType;

    /// <summary>URI of the statement's format.</summary>
    public string PredicateType => _statement.PredicateType;

    /// <summary>Whether a result of tests says that all passed; null for other evidence.</summary>
    public bool? Passed =>
        Type == EvidenceType.Test ? _statement.Predicate["result"] is JValue { Value: "PASSED" or "WARNED" } : null;

    public int? PassedCount => Count("passed");

    public int? FailedCount => Count("failed");

    public int? SkippedCount => Count("skipped");

    /// <summary>Names of the failed tests; empty for other evidence.</summary>
    public IReadOnlyList<string> FailedTests =>
        _statement.Predicate["failedTests"] is JArray names
            ? [.. names.Where(name => name.Type == JTokenType.String).Select(name => (string)name!)]
            : [];

    public TimeSpan? Duration =>
        (_statement.Predicate["durationSeconds"] as JValue)?.Value switch
        {
            double and >= 0 and < MaxSeconds and var seconds => TimeSpan.FromSeconds((double)seconds),
            long and >= 0 and < MaxSeconds and var seconds => TimeSpan.FromSeconds((long)seconds),
            _ => null,
        };

    /// <summary>Id of the builder in a provenance; null for other evidence.</summary>
    public string? Builder =>
        (_statement.Predicate["runDetails"] as JObject)?["builder"] is JObject builder
        && builder["id"] is JValue { Value: string id }
            ? id
            : null;

    /// <summary>One line for people.</summary>
    public string Summary =>
        Type switch
        {
            EvidenceType.Test => $"Tests: {PassedCount} passed, {FailedCount} failed, {SkippedCount} skipped",
            EvidenceType.Provenance => $"Built by {Builder}",
            _ => PredicateType,
        };

    /// <summary>Time of recording, as its writer claims it.</summary>
    public DateTimeOffset? RecordedAt => _statement.RecordedAt;

    /// <summary>The writer, as <c>user@machine</c>.</summary>
    public string? RecordedBy => _statement.RecordedBy;

    /// <summary>The signature of the statement; <see cref="SignatureStatus.NotSigned"/> where there is none.</summary>
    public VersionSignature Signature { get; }

    /// <summary>The statement as indented JSON.</summary>
    public string Statement => _statement.Json.ToString(Formatting.Indented);

    internal static EvidenceType TypeOf(string predicateType) =>
        predicateType switch
        {
            TestResult.PredicateType => EvidenceType.Test,
            Provenance.PredicateType => EvidenceType.Provenance,
            _ => EvidenceType.Other,
        };

    private int? Count(string name) =>
        (_statement.Predicate["counts"] as JObject)?[name]
            is JValue { Value: long and >= 0 and <= int.MaxValue and var count }
            ? (int)(long)count
            : null;
}
