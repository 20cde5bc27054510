using System.Text;
using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations;

/// <summary>A signature or evidence of a version, as it is stored. Its key is named by the SHA-256 of its body.</summary>
internal sealed record AttestationRecord
{
    /// <summary>Maximum length of a record in bytes.</summary>
    public const int MaxLength = 96 << 20;

    /// <summary>Maximum length in bytes of a statement that is stored in full.</summary>
    public const int MaxPayloadLength = 48 << 20;

    /// <summary>Digest of the version.</summary>
    public required Digest VersionDigest { get; init; }

    /// <summary>Claims of the signer; null where the statement is stored in full. The statement is then generated from the
    /// manifest, so that the signature of a million files is as short as that of one.</summary>
    public ManifestClaim? Claim { get; init; }

    /// <summary>The in-toto statement as it was signed; null where it is generated.</summary>
    public byte[]? Payload { get; init; }

    /// <summary>The signer; null for evidence without a signature.</summary>
    public Signer? Signer { get; init; }

    /// <summary>Signature of the statement; null for evidence without a signature.</summary>
    public byte[]? Signature { get; init; }

    /// <summary>Signature of the statement whose subjects are the files; null where there is none.</summary>
    public byte[]? FilesSignature { get; init; }

    /// <summary>Encodes the record.</summary>
    public byte[] Encode() => SealedRecord.Encode(RecordFields.Write(Map, this));

    /// <exception cref="InvalidDataException">The record is invalid.</exception>
    public static AttestationRecord Decode(SealedRecord record)
    {
        var decoded = RecordFields.Read<AttestationRecord>(Map, record.ToJson());
        // A record has one form, so that nothing that isn't read can be added to it.
        return SealedRecord.Decode(decoded.Encode()).Digest == record.Digest
            ? decoded
            : throw new InvalidDataException("it isn't in its stored form");
    }

    private static AttestationRecord Map(RecordFields fields, AttestationRecord? value)
    {
        var record = new AttestationRecord
        {
            VersionDigest = fields.Digest("version", value?.VersionDigest),
            Claim = fields.OptionalRecord("claim", value?.Claim, ManifestClaim.Map),
            Payload = Utf8(fields.OptionalText("statement", value?.Payload is { } text ? Text(text) : null)),
            Signer = fields.OptionalRecord("signer", value?.Signer, Signer.Map),
            Signature = Bytes(fields, "signature", value?.Signature),
            FilesSignature = Bytes(fields, "filesSignature", value?.FilesSignature),
        };
        if (record.Claim is null == record.Payload is null)
            throw new InvalidDataException("it has no statement, or two");
        if (record.Signer is null != record.Signature is null || record.Claim is not null && record.Signer is null)
            throw new InvalidDataException("it has a signature without a signer, or a signer without a signature");
        return record;
    }

    private static byte[]? Bytes(RecordFields fields, string name, byte[]? value) =>
        fields.OptionalText(name, value is null ? null : Convert.ToBase64String(value)) is { } text
            ? Signer.FromBase64(text)
            : null;

    private static byte[]? Utf8(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    /// <exception cref="InvalidDataException">The bytes aren't UTF-8.</exception>
    internal static string Text(byte[] payload)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(
                payload
            );
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException("its statement isn't UTF-8", e);
        }
    }
}
