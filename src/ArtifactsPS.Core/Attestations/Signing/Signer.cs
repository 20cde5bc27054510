using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>What a signature says about its signer: certificates, a public key, or only the hint of a key. It is a claim until
/// it is compared with trusted keys and certificates.</summary>
internal sealed class Signer
{
    private const int MaxCertificates = 16;

    private readonly byte[]? _key;

    private Signer(byte[]? key, IReadOnlyList<byte[]> certificates, string? hint)
    {
        _key = key;
        Encoded = certificates;
        Hint = hint;
        Certificates = [.. certificates.Select(Load)];
        Key =
            Certificates.Count > 0 ? VerificationKey.Of(Certificates[0])
            : key is not null ? VerificationKey.Decode(key)
            : null;
    }

    /// <summary>Public key; null where only a hint is known.</summary>
    public VerificationKey? Key { get; }

    /// <summary>Certificates in DER, beginning with the signer's; empty for none.</summary>
    public IReadOnlyList<byte[]> Encoded { get; }

    /// <summary>Certificates, beginning with the signer's; empty for none.</summary>
    public IReadOnlyList<X509Certificate2> Certificates { get; }

    /// <summary>Hint of the key, as it is in the bundle; null for none.</summary>
    public string? Hint { get; }

    /// <summary>Signer with certificates.</summary>
    /// <exception cref="InvalidDataException">There is no certificate, or a certificate or its key isn't supported.</exception>
    public static Signer Of(IReadOnlyList<byte[]> certificates) =>
        certificates.Count is > 0 and <= MaxCertificates
            ? new Signer(null, certificates, null)
            : throw new InvalidDataException($"it has {certificates.Count} certificates");

    public static Signer Of(IReadOnlyList<X509Certificate2> certificates) =>
        Of([.. certificates.Select(certificate => certificate.RawData)]);

    public static Signer Of(VerificationKey key) => new(key.Encode(), [], key.Hint);

    /// <summary>Signer of whom only the hint of a key is known; null where even the hint is missing.</summary>
    public static Signer OfHint(string? hint) => new(null, [], hint);

    /// <summary>Whether a text identifies the signer: the thumbprint of the certificate (SHA-1 or SHA-256), or the id of the
    /// key.</summary>
    public bool Is(string identity) =>
        Key is { } key && string.Equals(identity, key.Id.Hex, StringComparison.OrdinalIgnoreCase)
        || IsCertificate(identity);

    /// <summary>Whether a text is the thumbprint of the signer's certificate (SHA-1 or SHA-256).</summary>
    public bool IsCertificate(string thumbprint) =>
        Certificates.Count > 0
        && (
            string.Equals(thumbprint, Certificates[0].Thumbprint, StringComparison.OrdinalIgnoreCase)
            || string.Equals(thumbprint, Sha256.Of(Encoded[0]).Hex, StringComparison.OrdinalIgnoreCase)
        );

    public static Signer Map(RecordFields fields, Signer? value)
    {
        var key = fields.OptionalText("key", value?._key is { } encoded ? Convert.ToBase64String(encoded) : null);
        // The hint of a known key is computed from it.
        var hint = fields.OptionalText("hint", value?.Key is null ? value?.Hint : null);
        var certificates = fields.Texts("certificates", value?.Encoded.Select(Convert.ToBase64String).ToList());
        if (value is not null)
            return value;
        if (certificates.Count > 0 && (key ?? hint) is not null || key is not null && hint is not null)
            throw new InvalidDataException("it has several signers");
        return certificates.Count > 0 ? Of([.. certificates.Select(FromBase64)])
            : key is not null ? Of(VerificationKey.Decode(FromBase64(key)))
            : OfHint(hint);
    }

    /// <exception cref="InvalidDataException">The text isn't Base64.</exception>
    internal static byte[] FromBase64(string text)
    {
        try
        {
            var bytes = Convert.FromBase64String(text);
            // Other spellings of the same bytes would be other records with the same signature.
            return Convert.ToBase64String(bytes) == text
                ? bytes
                : throw new InvalidDataException("its Base64 is invalid");
        }
        catch (FormatException e)
        {
            throw new InvalidDataException("its Base64 is invalid", e);
        }
    }

    private static X509Certificate2 Load(byte[] encoded)
    {
        try
        {
            var certificate = new X509Certificate2(encoded);
            return certificate.RawData.AsSpan().SequenceEqual(encoded)
                ? certificate
                : throw new InvalidDataException("a certificate isn't plain DER");
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException("a certificate is invalid", e);
        }
    }
}
