using System.Text;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Attestations;

/// <summary>JSON of a statement that lists a version's files, around and between the files.</summary>
/// <param name="Prefix">Text before the first file.</param>
/// <param name="BeforeDigest">Text between the name and the digest of a file.</param>
/// <param name="AfterDigest">Text after the digest of a file.</param>
/// <param name="Suffix">Text after the last file.</param>
internal sealed record StatementForm(byte[] Prefix, byte[] BeforeDigest, byte[] AfterDigest, byte[] Suffix)
{
    /// <summary>Text between two files.</summary>
    public const byte Separator = (byte)',';

    /// <summary>Text before the name of a file.</summary>
    public static readonly byte[] BeforeName = "{\"name\":"u8.ToArray();

    /// <summary>Length of a statement.</summary>
    /// <param name="files">Number of files.</param>
    /// <param name="nameLength">Total length of the names as JSON texts.</param>
    public long Length(long files, long nameLength) =>
        Prefix.Length
        + Suffix.Length
        + nameLength
        + files * (BeforeName.Length + BeforeDigest.Length + 2 * Digest.Length + AfterDigest.Length)
        + Math.Max(0, files - 1);

    /// <summary>The statement of OpenSSF Model Signing 1.0. Programs that verify it ignore the claims.</summary>
    /// <param name="model">SHA-256 of the digests of all files.</param>
    public static StatementForm OfModel(VersionRecord version, ManifestClaim claim, Digest model)
    {
        var subject = new JArray(
            new JObject
            {
                ["name"] = claim.Name.ToString(),
                ["digest"] = new JObject { ["sha256"] = model.Hex },
            }
        );
        var serialization = new JObject
        {
            ["method"] = "files",
            ["hash_type"] = "sha256",
            ["allow_symlinks"] = false,
        };
        return new StatementForm(
            Bytes(
                $"{{\"_type\":\"{Statement.Type}\",\"subject\":{Text(subject)},\"predicateType\":\"{Statement.ModelSignature}\","
                    + $"\"predicate\":{{\"serialization\":{Text(serialization)},\"artifact\":{Text(Claims(version, claim))},\"resources\":["
            ),
            Bytes(",\"algorithm\":\"sha256\",\"digest\":\""),
            Bytes("\"}"),
            Bytes("]}}")
        );
    }

    /// <summary>The statement whose subjects are the files.</summary>
    public static StatementForm OfFiles(VersionRecord version, ManifestClaim claim) =>
        new(
            Bytes($"{{\"_type\":\"{Statement.Type}\",\"subject\":["),
            Bytes(",\"digest\":{\"sha256\":\""),
            Bytes("\"}}"),
            Bytes(
                $"],\"predicateType\":\"{Statement.FileDigests}\",\"predicate\":{{\"artifact\":{Text(Claims(version, claim))}}}}}"
            )
        );

    // The digest covers references and executable bits too, which the list of files doesn't have.
    private static JObject Claims(VersionRecord version, ManifestClaim claim) =>
        new()
        {
            ["name"] = claim.Name.ToString(),
            ["version"] = claim.Version,
            ["type"] = claim.Type.ToString(),
            ["digest"] = version.Digest.ToString(),
            ["entries"] = version.Root.EntryCount,
            ["size"] = version.Root.TotalSize,
            ["signedAt"] = Timestamp.Format(claim.SignedAt),
        };

    private static string Text(JToken json) => json.ToString(Formatting.None);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
