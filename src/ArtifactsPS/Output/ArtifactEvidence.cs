using ArtifactsPS.Core.Attestations.Evidence;
using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Catalogs;

namespace ArtifactsPS.Output;

/// <summary>Evidence of a version, such as a result of tests.</summary>
public sealed class ArtifactEvidence
{
    internal ArtifactEvidence(PublishedVersion version, VersionEvidence evidence)
    {
        Artifact = version.Reference;
        Type = evidence.Type;
        Passed = evidence.Passed;
        PassedCount = evidence.PassedCount;
        FailedCount = evidence.FailedCount;
        SkippedCount = evidence.SkippedCount;
        FailedTests = [.. evidence.FailedTests];
        Duration = evidence.Duration;
        Builder = evidence.Builder;
        Summary = evidence.Summary;
        RecordedAt = evidence.RecordedAt?.LocalDateTime;
        RecordedBy = evidence.RecordedBy;
        SignatureStatus = evidence.Signature.Status;
        Signer = evidence.Signature.Subject ?? evidence.Signature.KeyId?.Hex;
        PredicateType = evidence.PredicateType;
        Statement = evidence.Statement;
        Id = evidence.Id.Hex;
        Store = version.Store.Location;
    }

    /// <summary>The version, <c>mnist:v3</c>.</summary>
    public string Artifact { get; }

    public EvidenceType Type { get; }

    /// <summary>Whether all tests passed; null for other evidence.</summary>
    public bool? Passed { get; }

    public int? PassedCount { get; }

    public int? FailedCount { get; }

    public int? SkippedCount { get; }

    /// <summary>Names of the failed tests.</summary>
    public string[] FailedTests { get; }

    public TimeSpan? Duration { get; }

    /// <summary>Builder of a provenance; null for other evidence.</summary>
    public string? Builder { get; }

    /// <summary>Local time, as the writer claims it.</summary>
    public DateTime? RecordedAt { get; }

    /// <summary>user@machine.</summary>
    public string? RecordedBy { get; }

    public SignatureStatus SignatureStatus { get; }

    /// <summary>Subject of the signer's certificate, or id of the key; null for evidence without a signature.</summary>
    public string? Signer { get; }

    /// <summary>One line for people.</summary>
    public string Summary { get; }

    /// <summary>URI of the statement's format.</summary>
    public string PredicateType { get; }

    /// <summary>The in-toto statement, as JSON.</summary>
    public string Statement { get; }

    /// <summary>SHA-256 of the stored evidence, which names it.</summary>
    public string Id { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.OfNone("evidence", Id);

    /// <inheritdoc/>
    public override string ToString() => $"{Artifact}: {Summary}";
}
