using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>Files and their digests in a statement that another program has made.</summary>
internal sealed class SignedFiles
{
    private readonly Dictionary<string, Digest> _digests = new(StringComparer.Ordinal);

    private SignedFiles(string? name) => Name = name;

    /// <summary>Name of the model, as the signer gave it; null for none.</summary>
    public string? Name { get; }

    /// <summary>Reads a statement of OpenSSF Model Signing, 1.0 or before.</summary>
    /// <exception cref="InvalidDataException">It is another statement, or inconsistent.</exception>
    public static SignedFiles Parse(byte[] payload)
    {
        var statement = SealedRecord.Parse(AttestationRecord.Text(payload));
        if ((string?)Scalar(statement["_type"]) != Statement.Type)
            throw new InvalidDataException("it has no in-toto statement of version 1");
        return (string?)Scalar(statement["predicateType"]) switch
        {
            Statement.ModelSignature => OfModel(statement),
            Statement.FileDigests => OfFiles(statement),
            var other => throw new InvalidDataException($"its statement '{other}' isn't a signature of files"),
        };
    }

    /// <summary>Compares with the files of a manifest. References are ignored.</summary>
    /// <returns>The first difference, without a full stop; null for none.</returns>
    public async Task<string?> FindDifferenceAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Uri is not null)
                continue;
            count++;
            if (!_digests.TryGetValue(entry.Path.ToString(), out var digest))
                return $"'{entry.Path}' isn't signed";
            if (digest != entry.Digest)
                return $"'{entry.Path}' has another content";
        }
        return count == _digests.Count ? null : $"it has {_digests.Count} files, and the version {count}";
    }

    private static SignedFiles OfModel(JObject statement)
    {
        if (statement["subject"] is not JArray { Count: 1 } subjects)
            throw new InvalidDataException("its statement doesn't have one subject");
        var predicate = statement["predicate"] as JObject;
        var serialization = predicate?["serialization"] as JObject;
        if ((string?)Scalar(serialization?["method"]) != "files")
            throw new InvalidDataException(
                "it signs parts of files, and not files. Sign again with the method 'files'"
            );
        using var hash = new Sha256();
        var files = new SignedFiles((string?)Scalar((subjects[0] as JObject)?["name"]));
        var bytes = new byte[Digest.Length];
        foreach (
            var resource in predicate?["resources"] as JArray ?? throw new InvalidDataException("it lists no files")
        )
        {
            if ((string?)Scalar((resource as JObject)?["algorithm"]) != "sha256")
                throw new InvalidDataException("it has digests other than SHA-256. Sign again with 'sha256'");
            files.Add(resource, ((JObject)resource)["digest"]).CopyTo(bytes);
            hash.Append(bytes, 0, bytes.Length);
        }
        var model = (string?)Scalar(((subjects[0] as JObject)?["digest"] as JObject)?["sha256"]);
        return hash.Finish().Hex == model
            ? files
            : throw new InvalidDataException("the digest of its subject isn't that of its files");
    }

    private static SignedFiles OfFiles(JObject statement)
    {
        var files = new SignedFiles(null);
        foreach (var subject in statement["subject"] as JArray ?? throw new InvalidDataException("it lists no files"))
            files.Add(subject, ((subject as JObject)?["digest"] as JObject)?["sha256"]);
        return files;
    }

    private Digest Add(JToken file, JToken? hex)
    {
        var name = (string?)Scalar((file as JObject)?["name"]);
        if (
            name is null
            || !Digest.TryParseHex(((string?)Scalar(hex) ?? "").ToLowerInvariant().AsSpan(), out var digest)
        )
            throw new InvalidDataException("a file has no name, or no SHA-256");
        if (_digests.ContainsKey(name))
            throw new InvalidDataException($"'{name}' is listed twice");
        _digests.Add(name, digest);
        return digest;
    }

    private static JValue? Scalar(JToken? token) => token is JValue { Type: JTokenType.String } value ? value : null;
}
