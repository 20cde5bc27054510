using System.Security.Cryptography;
using System.Text;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>Sigstore bundles, version 0.3, in JSON: an envelope (DSSE) with a statement, its signature, and the certificates or the
/// hint of the key. See <see href="https://github.com/sigstore/protobuf-specs"/>.</summary>
internal static class SigstoreBundle
{
    private const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private const long MaxLength = 2L * AttestationRecord.MaxPayloadLength;
    private const string OlderMediaType = "application/vnd.dev.sigstore.bundle+json;version=0.";

    /// <summary>Writes a bundle.</summary>
    /// <param name="signer">The signer, as the bundle describes it.</param>
    /// <param name="writePayload">Writes the statement to a stream.</param>
    public static async Task WriteAsync(Stream target, Signer signer, byte[] signature, Func<Stream, Task> writePayload)
    {
        var before =
            $"{{\"mediaType\":\"{MediaType}\",\"verificationMaterial\":{Text(Material(signer))},\"dsseEnvelope\":{{\"payload\":\"";
        var after =
            $"\",\"payloadType\":\"{Statement.PayloadType}\",\"signatures\":[{{\"sig\":\"{Convert.ToBase64String(signature)}\",\"keyid\":\"\"}}]}}}}\n";
        Write(target, before);
        using (var base64 = new ToBase64Transform())
        {
            // Not disposed: that would close the target.
            var encoder = new CryptoStream(target, base64, CryptoStreamMode.Write);
            var buffered = new BufferedStream(encoder, 48 << 10);
            await writePayload(buffered).ConfigureAwait(false);
            buffered.Flush();
            encoder.FlushFinalBlock();
        }
        Write(target, after);
    }

    /// <summary>Reads a bundle from a file.</summary>
    /// <exception cref="InvalidDataException">The file is no bundle with an in-toto statement and one signature.</exception>
    public static (byte[] Payload, Signer Signer, byte[] Signature) Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        if (file.Length > MaxLength)
            throw new InvalidDataException($"it is longer than {MaxLength >> 20} MiB");
        var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return Parse(bytes.ToArray());
    }

    /// <summary>Reads a bundle.</summary>
    /// <exception cref="InvalidDataException">The bytes are no bundle with an in-toto statement and one signature.</exception>
    public static (byte[] Payload, Signer Signer, byte[] Signature) Parse(byte[] bytes)
    {
        var bundle = SealedRecord.Parse(AttestationRecord.Text(bytes));
        var mediaType = Find(bundle, "mediaType");
        if (mediaType != MediaType && mediaType?.StartsWith(OlderMediaType, StringComparison.Ordinal) != true)
            throw new InvalidDataException("it isn't a Sigstore bundle");
        var envelope =
            bundle["dsseEnvelope"] as JObject ?? throw new InvalidDataException("it has no envelope with a statement");
        if (Find(envelope, "payloadType") != Statement.PayloadType)
            throw new InvalidDataException("its payload is no in-toto statement");
        if (envelope["signatures"] is not JArray { Count: 1 } signatures)
            throw new InvalidDataException("it doesn't have one signature");
        var payload = FromBase64(Find(envelope, "payload"), "payload");
        if (payload.Length > AttestationRecord.MaxPayloadLength)
            throw new InvalidDataException(
                $"its statement has more than {AttestationRecord.MaxPayloadLength >> 20} MiB. Sign with Set-ArtifactSignature instead"
            );
        return (
            payload,
            ParseMaterial(bundle["verificationMaterial"] as JObject ?? []),
            FromBase64(Find(signatures[0], "sig"), "signature")
        );
    }

    private static JObject Material(Signer signer)
    {
        var material = new JObject();
        if (signer.Certificates.Count > 0)
            material["x509CertificateChain"] = new JObject
            {
                ["certificates"] = new JArray(
                    signer.Encoded.Select(certificate => new JObject
                    {
                        ["rawBytes"] = Convert.ToBase64String(certificate),
                    })
                ),
            };
        else
            material["publicKey"] = new JObject { ["hint"] = signer.Hint ?? "" };
        material["tlogEntries"] = new JArray();
        return material;
    }

    private static Signer ParseMaterial(JObject material)
    {
        if (material["certificate"] is JObject single)
            return Signer.Of([FromBase64(Find(single, "rawBytes"), "certificate")]);
        if (material["x509CertificateChain"] is JObject chain)
            return Signer.Of([
                .. (chain["certificates"] as JArray ?? []).Select(certificate =>
                    FromBase64(Find(certificate, "rawBytes"), "certificate")
                ),
            ]);
        var key = material["publicKey"] as JObject;
        return Signer.OfHint(key is null || Find(key, "hint") is not { Length: > 0 } hint ? null : hint);
    }

    private static string? Find(JToken json, string name) =>
        (json as JObject)?[name] is JValue { Type: JTokenType.String, Value: string text } ? text : null;

    private static byte[] FromBase64(string? text, string name)
    {
        try
        {
            return Convert.FromBase64String(text ?? throw new InvalidDataException($"its {name} is missing"));
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"its {name} isn't Base64", e);
        }
    }

    private static string Text(JToken json) => json.ToString(Formatting.None);

    private static void Write(Stream target, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        target.Write(bytes, 0, bytes.Length);
    }
}
