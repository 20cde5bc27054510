using System.Text;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Attestations.Evidence;

/// <summary>In-toto statement about one version. Its subject has the version's digest, which <c>Get-Artifact</c> shows.</summary>
internal sealed class EvidenceStatement
{
    private const int MaxLength = 8 << 20;
    private const string Recorded = "recorded";

    private EvidenceStatement(JObject json) => Json = json;

    public JObject Json { get; }

    public string PredicateType => (string)Json["predicateType"]!;

    public JObject Predicate => (JObject)Json["predicate"]!;

    /// <summary>Time of recording, as its writer claims it; null without a claim.</summary>
    public DateTimeOffset? RecordedAt => Text("at") is { } text && Timestamp.TryParse(text, out var time) ? time : null;

    /// <summary>The writer, as <c>user@machine</c>; null without a claim.</summary>
    public string? RecordedBy => Text("by");

    /// <summary>Creates a statement about a version.</summary>
    /// <exception cref="TestResultInvalidException">The predicate is too long.</exception>
    public static byte[] Encode(
        ArtifactName name,
        VersionRecord version,
        string predicateType,
        JObject predicate,
        DateTimeOffset recordedAt
    )
    {
        // Readers of these formats ignore members that they don't know.
        predicate[Recorded] = new JObject { ["at"] = Timestamp.Format(recordedAt), ["by"] = Author.Current };
        var statement = new JObject
        {
            ["_type"] = Statement.Type,
            ["subject"] = new JArray(
                new JObject
                {
                    ["name"] = ArtifactReference.To(name, version.Number).ToString(),
                    ["digest"] = new JObject { ["sha256"] = version.Digest.Hex },
                }
            ),
            ["predicateType"] = predicateType,
            ["predicate"] = predicate,
        };
        var bytes = Encoding.UTF8.GetBytes(statement.ToString(Formatting.None));
        return bytes.Length <= MaxLength
            ? bytes
            : throw new TestResultInvalidException("The evidence", $"it has more than {MaxLength >> 20} MiB");
    }

    /// <summary>Reads a statement about a version.</summary>
    /// <param name="digest">Digest of the version.</param>
    /// <exception cref="InvalidDataException">It is no statement about the version.</exception>
    public static EvidenceStatement Decode(byte[] payload, Digest digest)
    {
        var json = SealedRecord.Parse(AttestationRecord.Text(payload));
        if (
            json["_type"]?.Type != JTokenType.String
            || (string)json["_type"]! != Statement.Type
            || json["predicateType"]?.Type != JTokenType.String
            || json["predicate"] is not JObject
            || json["subject"] is not JArray subjects
        )
            throw new InvalidDataException("it has no in-toto statement of version 1");
        return subjects.Any(subject =>
            ((subject as JObject)?["digest"] as JObject)?["sha256"] is JValue { Value: string hex } && hex == digest.Hex
        )
            ? new EvidenceStatement(json)
            : throw new InvalidDataException("its statement is about another version");
    }

    private string? Text(string name) =>
        (Predicate[Recorded] as JObject)?[name] is JValue { Type: JTokenType.String, Value: string text } ? text : null;
}
