using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>Public key that verifies signatures: ECDSA on P-256, P-384 or P-521, or RSA of at least 2048 bits. Signatures have the
/// forms of OpenSSL: DER for ECDSA, PKCS #1 for RSA.</summary>
public sealed class VerificationKey : IEquatable<VerificationKey>
{
    private const string EcdsaOid = "1.2.840.10045.2.1";
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 16384;

    private readonly byte[] _encoded;
    private readonly ECParameters? _ecdsa;
    private readonly RSAParameters _rsa;

    private VerificationKey(byte[] encoded, Curve curve, ECParameters parameters)
    {
        _encoded = encoded;
        _ecdsa = parameters;
        Hash = curve.Hash;
        Algorithm = $"ECDSA {curve.Name}";
        Id = Sha256.Of(encoded);
    }

    private VerificationKey(byte[] encoded, RSAParameters parameters)
    {
        _encoded = encoded;
        _rsa = parameters;
        Hash = HashAlgorithmName.SHA256;
        Algorithm = $"RSA {8 * parameters.Modulus!.Length}";
        Id = Sha256.Of(encoded);
    }

    /// <summary>SHA-256 of the key's SubjectPublicKeyInfo.</summary>
    public Digest Id { get; }

    /// <summary>Algorithm for people, such as <c>ECDSA P-256</c>.</summary>
    public string Algorithm { get; }

    /// <summary>Hint of the key in a bundle, as OpenSSF Model Signing computes it: SHA-256 of the key in PEM.</summary>
    public string Hint => Sha256.Of(Encoding.ASCII.GetBytes(ToPem())).Hex;

    /// <summary>Hash that is signed.</summary>
    internal HashAlgorithmName Hash { get; }

    /// <summary>DER encoding of the SubjectPublicKeyInfo.</summary>
    internal byte[] Encode() => (byte[])_encoded.Clone();

    /// <summary>The key in PEM, with line feeds.</summary>
    public string ToPem() => PemText.Encode("PUBLIC KEY", _encoded);

    /// <summary>Reads a SubjectPublicKeyInfo in DER.</summary>
    /// <exception cref="InvalidDataException">The bytes are no supported key.</exception>
    internal static VerificationKey Decode(byte[] encoded)
    {
        try
        {
            var outer = new AsnReader(encoded, AsnEncodingRules.DER);
            var info = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            var algorithm = info.ReadSequence();
            var oid = algorithm.ReadObjectIdentifier();
            var bits = info.ReadBitString(out var unused);
            info.ThrowIfNotEmpty();
            if (unused != 0)
                throw new InvalidDataException("it is no public key");
            return oid switch
            {
                EcdsaOid => OfPoint(encoded, algorithm.ReadObjectIdentifier(), bits),
                RsaOid => OfModulus(encoded, bits),
                _ => throw new InvalidDataException(
                    $"its algorithm {oid} isn't supported. Use ECDSA (P-256, P-384, P-521) or RSA"
                ),
            };
        }
        catch (AsnContentException e)
        {
            throw new InvalidDataException("it is no public key", e);
        }
    }

    /// <summary>Returns the key of a certificate.</summary>
    /// <exception cref="InvalidDataException">The key isn't supported.</exception>
    internal static VerificationKey Of(X509Certificate2 certificate)
    {
        try
        {
            return Decode(EncodeKeyOf(certificate));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException("the key of a certificate isn't supported", e);
        }
    }

    /// <summary>Returns the public part of a private key.</summary>
    /// <exception cref="InvalidDataException">The curve or size isn't supported.</exception>
    internal static VerificationKey Of(AsymmetricAlgorithm key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
            if (key is ECDsa ecdsa)
            {
                var parameters = ecdsa.ExportParameters(includePrivateParameters: false);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(EcdsaOid);
                    writer.WriteObjectIdentifier(Curve.Of(parameters.Curve).Oid);
                }
                writer.WriteBitString([4, .. parameters.Q.X!, .. parameters.Q.Y!]);
            }
            else
            {
                var parameters = ((RSA)key).ExportParameters(includePrivateParameters: false);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(RsaOid);
                    writer.WriteNull();
                }
                var modulus = new AsnWriter(AsnEncodingRules.DER);
                using (modulus.PushSequence())
                {
                    modulus.WriteIntegerUnsigned(parameters.Modulus);
                    modulus.WriteIntegerUnsigned(parameters.Exponent);
                }
                writer.WriteBitString(modulus.Encode());
            }
        return Decode(writer.Encode());
    }

    /// <summary>Whether a signature is that of a hash by this key.</summary>
    /// <param name="hash">Hash of the signed bytes, computed with <see cref="Hash"/>.</param>
    internal bool Verify(byte[] hash, byte[] signature)
    {
        try
        {
            if (_ecdsa is not { } parameters)
            {
                using var rsa = RSA.Create();
                rsa.ImportParameters(_rsa);
                return rsa.VerifyHash(hash, signature, Hash, RSASignaturePadding.Pkcs1);
            }
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportParameters(parameters);
            return EcdsaSignature.TryToFixedLength(signature, parameters.Q.X!.Length) is { } numbers
                && ecdsa.VerifyHash(hash, numbers);
        }
        catch (CryptographicException)
        {
            // The signature has an impossible form.
            return false;
        }
    }

    /// <inheritdoc/>
    public bool Equals(VerificationKey? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VerificationKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    private static byte[] EncodeKeyOf(X509Certificate2 certificate)
    {
        var key = certificate.PublicKey;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(key.Oid.Value!);
                if (key.EncodedParameters?.RawData is { Length: > 0 } parameters)
                    writer.WriteEncodedValue(parameters);
                else
                    writer.WriteNull();
            }
            writer.WriteBitString(key.EncodedKeyValue.RawData);
        }
        return writer.Encode();
    }

    private static VerificationKey OfPoint(byte[] encoded, string oid, byte[] point)
    {
        var curve = Curve.Of(oid);
        if (point.Length != 1 + 2 * curve.Length || point[0] != 4)
            throw new InvalidDataException("its point is compressed or invalid");
        var parameters = new ECParameters
        {
            Curve = curve.Named,
            Q = new ECPoint
            {
                X = point.AsSpan(1, curve.Length).ToArray(),
                Y = point.AsSpan(1 + curve.Length).ToArray(),
            },
        };
        try
        {
            using var check = ECDsa.Create();
            check.ImportParameters(parameters);
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException("its point isn't on its curve", e);
        }
        return new VerificationKey(encoded, curve, parameters);
    }

    private static VerificationKey OfModulus(byte[] encoded, byte[] bits)
    {
        var outer = new AsnReader(bits, AsnEncodingRules.DER);
        var numbers = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var modulus = Unsigned(numbers.ReadIntegerBytes());
        var exponent = Unsigned(numbers.ReadIntegerBytes());
        numbers.ThrowIfNotEmpty();
        var length = 8 * modulus.Length;
        return length is >= MinRsaBits and <= MaxRsaBits
            ? new VerificationKey(encoded, new RSAParameters { Modulus = modulus, Exponent = exponent })
            : throw new InvalidDataException($"its RSA key has {length} bits. Use {MinRsaBits} to {MaxRsaBits} bits");
    }

    private static byte[] Unsigned(ReadOnlyMemory<byte> number) =>
        (number.Length > 1 && number.Span[0] == 0 ? number.Slice(1) : number).ToArray();

    /// <summary>A supported curve, with the hash that OpenSSF Model Signing uses for it.</summary>
    private sealed record Curve(string Name, string Oid, int Length, HashAlgorithmName Hash, ECCurve Named)
    {
        private static readonly Curve[] All =
        [
            new("P-256", "1.2.840.10045.3.1.7", 32, HashAlgorithmName.SHA256, ECCurve.NamedCurves.nistP256),
            new("P-384", "1.3.132.0.34", 48, HashAlgorithmName.SHA384, ECCurve.NamedCurves.nistP384),
            new("P-521", "1.3.132.0.35", 66, HashAlgorithmName.SHA512, ECCurve.NamedCurves.nistP521),
        ];

        public static Curve Of(string oid) =>
            All.FirstOrDefault(curve => curve.Oid == oid)
            ?? throw new InvalidDataException($"its curve {oid} isn't supported. Use P-256, P-384 or P-521");

        // Windows may give the name without the identifier.
        public static Curve Of(ECCurve curve) =>
            All.FirstOrDefault(known =>
                known.Oid == curve.Oid?.Value
                || string.Equals(
                    known.Named.Oid.FriendlyName,
                    curve.Oid?.FriendlyName,
                    StringComparison.OrdinalIgnoreCase
                )
            ) ?? throw new InvalidDataException("its curve isn't supported. Use P-256, P-384 or P-521");
    }
}
