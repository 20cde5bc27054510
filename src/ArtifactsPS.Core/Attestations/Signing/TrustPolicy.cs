using System.Security.Cryptography.X509Certificates;
using System.Text;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>Keys and certificates that a user trusts to sign versions. Authorities of the system are not trusted: most of them
/// sign the certificates of web sites.</summary>
public sealed class TrustPolicy
{
    /// <summary>Name of the user's trust file, in the folder of the registered stores.</summary>
    public const string FileName = "trusted.pem";

    private readonly List<VerificationKey> _keys = [];
    private readonly List<X509Certificate2> _certificates = [];
    private readonly HashSet<string> _identities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether nothing is trusted.</summary>
    public bool IsEmpty => _keys.Count == 0 && _certificates.Count == 0 && _identities.Count == 0;

    /// <summary>Trusts what a PEM text has: public keys, and certificates of signers or authorities.</summary>
    /// <param name="path">Path of the file, for errors.</param>
    /// <param name="text">Content of the file.</param>
    /// <exception cref="TrustedKeyInvalidException">The text has neither, or one of them isn't supported.</exception>
    public void AddPem(string path, string text)
    {
        try
        {
            var found = false;
            foreach (var (label, bytes) in PemText.Decode(text))
                switch (label)
                {
                    case "PUBLIC KEY":
                        _keys.Add(VerificationKey.Decode(bytes));
                        found = true;
                        break;
                    case "CERTIFICATE":
                        _certificates.Add(new X509Certificate2(bytes));
                        found = true;
                        break;
                    default:
                        if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
                            throw new InvalidDataException("it has a private key. Give the public key");
                        break;
                }
            if (!found)
                throw new InvalidDataException("it has no public key or certificate in PEM");
        }
        catch (Exception e) when (e is InvalidDataException or System.Security.Cryptography.CryptographicException)
        {
            throw new TrustedKeyInvalidException(path, e.Message, e);
        }
    }

    /// <summary>Trusts a signer's certificate, or all that an authority issues for code signing.</summary>
    public void Add(X509Certificate2 certificate) => _certificates.Add(certificate);

    /// <summary>Trusts the key with an id, or the certificate with a thumbprint (SHA-1 or SHA-256).</summary>
    /// <returns>False if the text is neither: hex digits of that length.</returns>
    public bool TryAddIdentity(string text)
    {
        if (text.Length is not (40 or 64) || !text.All(Uri.IsHexDigit))
            return false;
        _identities.Add(text);
        return true;
    }

    /// <summary>Ids of the trusted keys and thumbprints of the trusted certificates, in hex digits.</summary>
    public IReadOnlyList<string> Identities =>
        [
            .. _identities,
            .. _keys.Select(key => key.Id.Hex),
            .. _certificates.Select(certificate => certificate.Thumbprint),
        ];

    /// <summary>Reads the user's trust file.</summary>
    /// <param name="folder">Folder of the registered stores.</param>
    /// <returns>A policy that trusts nothing, where the file is missing.</returns>
    /// <exception cref="TrustedKeyInvalidException">The file is invalid.</exception>
    public static TrustPolicy ReadFile(string folder)
    {
        var policy = new TrustPolicy();
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
            policy.AddPem(path, File.ReadAllText(path, Encoding.UTF8));
        return policy;
    }

    /// <summary>Finds the trusted key that a bundle gives only a hint of; null if there is none.</summary>
    internal VerificationKey? FindKey(string? hint) =>
        hint is null
            ? _keys.Count == 1
                ? _keys[0]
                : null
            : _keys.Find(key => key.Hint == hint || key.Id.Hex == hint);

    /// <summary>Judges a signer whose signature was verified.</summary>
    internal (SignatureStatus Status, string Message) Judge(Signer signer, DateTimeOffset now)
    {
        if (signer.Certificates.Count == 0)
        {
            var key = signer.Key ?? FindKey(signer.Hint);
            return key is not null && (_keys.Contains(key) || _identities.Contains(key.Id.Hex))
                ? (SignatureStatus.Valid, "The signature is valid, and its key is trusted.")
                : (SignatureStatus.NotTrusted, $"The key {key?.Id.Hex ?? signer.Hint} isn't trusted.");
        }
        var certificate = signer.Certificates[0];
        // A trusted key has no period of validity.
        if (_keys.Contains(signer.Key!) || _identities.Contains(signer.Key!.Id.Hex))
            return (SignatureStatus.Valid, "The signature is valid, and its key is trusted.");
        var notBefore = new DateTimeOffset(certificate.NotBefore);
        var notAfter = new DateTimeOffset(certificate.NotAfter);
        var isTrusted =
            _identities.Any(signer.IsCertificate)
            || CertificateTrust.LeadsTo(
                signer.Certificates,
                _certificates,
                (now >= notAfter ? notAfter.AddSeconds(-1) : now).LocalDateTime
            );
        if (!isTrusted)
            return (SignatureStatus.NotTrusted, $"The certificate '{certificate.Subject}' isn't trusted.");
        if (now < notBefore)
            return (
                SignatureStatus.NotTrusted,
                $"The certificate '{certificate.Subject}' is valid from {Timestamp.Format(notBefore)}."
            );
        return now >= notAfter
            ? (
                SignatureStatus.Expired,
                $"The certificate '{certificate.Subject}' expired at {Timestamp.Format(notAfter)}."
            )
            : (SignatureStatus.Valid, "The signature is valid, and its certificate is trusted.");
    }
}

/// <summary>A file with trusted keys or certificates can't be used.</summary>
public sealed class TrustedKeyInvalidException(string path, string fault, Exception? inner = null)
    : ArtifactsException(
        $"'{path}' can't be trusted: {fault.TrimEnd('.')}. Use a PEM file with public keys or certificates, a thumbprint, or the "
            + "id of a key.",
        path,
        inner
    )
{
    public override string ErrorId => "TrustedKeyInvalid";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
