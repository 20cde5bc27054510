using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>Private key that signs, and the certificates that name its owner. The key stays in memory, or where the system keeps
/// it.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly AsymmetricAlgorithm _key;

    private SigningKey(string name, AsymmetricAlgorithm key, IReadOnlyList<X509Certificate2> certificates)
    {
        Name = name;
        _key = key;
        Key = VerificationKey.Of(key);
        Signer = certificates.Count > 0 ? Signer.Of(certificates) : Signer.Of(Key);
    }

    /// <summary>Subject of the certificate, or path of the file.</summary>
    public string Name { get; }

    /// <summary>The public part.</summary>
    public VerificationKey Key { get; }

    /// <summary>What a signature says about its signer.</summary>
    internal Signer Signer { get; }

    /// <summary>Takes the key of a certificate.</summary>
    /// <exception cref="SigningKeyInvalidException">The certificate has no private key, or its key can't sign.</exception>
    public static SigningKey Of(X509Certificate2 certificate)
    {
        var name = certificate.Subject;
        if (!certificate.HasPrivateKey)
            throw new SigningKeyInvalidException(
                name,
                "The certificate has no private key. Import it with its key, for example with Get-PfxCertificate"
            );
        if (CertificateTrust.UsageFault(certificate) is { } fault)
            throw new SigningKeyInvalidException(name, fault);
        try
        {
            var key =
                (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey()
                ?? certificate.GetRSAPrivateKey()
                ?? throw new InvalidDataException("its algorithm isn't supported. Use ECDSA (P-256) or RSA");
            return new SigningKey(name, key, CertificateTrust.ChainOf(certificate));
        }
        catch (Exception e) when (e is CryptographicException or InvalidDataException or NotSupportedException)
        {
            throw new SigningKeyInvalidException(name, $"The key of the certificate can't sign: {e.Message}", e);
        }
    }

    /// <summary>Reads a private key in PEM: PKCS #8, SEC 1 or PKCS #1.</summary>
    /// <param name="path">Path of the file, for errors.</param>
    /// <param name="text">Content of the file.</param>
    /// <param name="password">Password of an encrypted key; null for none.</param>
    /// <exception cref="SigningKeyInvalidException">The text has no supported private key, or the password is wrong.</exception>
    public static SigningKey OfPem(string path, string text, string? password)
    {
#if NET
        try
        {
            var label = PemText
                .Decode(text)
                .Select(block => block.Label)
                .FirstOrDefault(label => label.EndsWith("PRIVATE KEY", StringComparison.Ordinal));
            var encrypted =
                label == "ENCRYPTED PRIVATE KEY" || text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal);
            if (label is null)
                throw new InvalidDataException("it has no private key in PEM");
            if (label.Contains("SIGSTORE", StringComparison.Ordinal))
                throw new InvalidDataException(
                    "cosign has encrypted it. Create the key with openssl, and import it into cosign"
                );
            if (encrypted && password is null)
                throw new InvalidDataException("it is encrypted. Give -KeyPassword");
            foreach (AsymmetricAlgorithm key in new AsymmetricAlgorithm[] { ECDsa.Create(), RSA.Create() })
                if (TryImport(key, text, encrypted ? password : null))
                    return new SigningKey(path, key, []);
                else
                    key.Dispose();
            throw new InvalidDataException(
                encrypted
                    ? "the password is wrong, or its algorithm isn't supported. Use ECDSA (P-256) or RSA"
                    : "its algorithm isn't supported. Use ECDSA (P-256) or RSA; .NET has no Ed25519"
            );
        }
        catch (Exception e) when (e is CryptographicException or InvalidDataException)
        {
            throw new SigningKeyInvalidException(path, $"The key can't be used: {e.Message}", e);
        }
#else
        throw new SigningKeyInvalidException(
            path,
            "Windows PowerShell can't read private keys in PEM. Use -Certificate, or PowerShell 7"
        );
#endif
    }

    /// <summary>Signs a hash that was computed with the hash algorithm of <see cref="Key"/>.</summary>
    internal byte[] Sign(byte[] hash) =>
        _key is ECDsa ecdsa
            ? EcdsaSignature.ToDer(ecdsa.SignHash(hash))
            : ((RSA)_key).SignHash(hash, Key.Hash, RSASignaturePadding.Pkcs1);

    public void Dispose() => _key.Dispose();

#if NET
    private static bool TryImport(AsymmetricAlgorithm key, string text, string? password)
    {
        try
        {
            if (password is null)
                key.ImportFromPem(text);
            else
                key.ImportFromEncryptedPem(text, password);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // The text may be the key of another algorithm.
            return false;
        }
    }
#endif
}

/// <summary>A key or certificate can't sign.</summary>
public sealed class SigningKeyInvalidException(string name, string fault, Exception? inner = null)
    : ArtifactsException($"'{name}' can't sign. {fault.TrimEnd('.')}.", name, inner)
{
    public override string ErrorId => "SigningKeyInvalid";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
