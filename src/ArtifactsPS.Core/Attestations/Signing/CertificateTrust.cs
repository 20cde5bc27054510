using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>Rules for certificates of signers. Nothing is downloaded, and no list of revoked certificates is read.</summary>
internal static class CertificateTrust
{
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    /// <summary>Reason why a certificate must not sign; null if it may.</summary>
    public static string? UsageFault(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions)
            switch (extension)
            {
                case X509KeyUsageExtension usage when !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature):
                    return "The certificate's key usage doesn't include digital signatures";
                case X509EnhancedKeyUsageExtension usages
                    when !usages.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == CodeSigning):
                    return "The certificate isn't for code signing";
            }
        return null;
    }

    /// <summary>The certificate and the authorities above it, as far as this machine knows them, without the root.</summary>
    public static IReadOnlyList<X509Certificate2> ChainOf(X509Certificate2 certificate)
    {
        using var chain = NewChain(certificate.NotBefore);
        chain.Build(certificate);
        return
        [
            certificate,
            .. chain
                .ChainElements.Cast<X509ChainElement>()
                .Select(element => element.Certificate)
                .Skip(1)
                .Where(element => element.Subject != element.Issuer),
        ];
    }

    /// <summary>Whether a certificate is one of the trusted ones, or leads to one of them.</summary>
    /// <param name="certificates">The signer's certificate, and others that may be between it and a trusted one.</param>
    public static bool LeadsTo(
        IReadOnlyList<X509Certificate2> certificates,
        IReadOnlyList<X509Certificate2> trusted,
        DateTime time
    )
    {
        var signer = certificates[0];
        if (trusted.Any(authority => IsSame(authority, signer)))
            return true;
        if (trusted.Count == 0 || UsageFault(signer) is not null)
            return false;
        using var chain = NewChain(time);
        chain.ChainPolicy.ExtraStore.AddRange(certificates.Skip(1).Concat(trusted).ToArray());
        chain.Build(signer);
        var elements = chain.ChainElements.Cast<X509ChainElement>().ToList();
        // Everything up to a trusted certificate must be valid. What is above it doesn't matter.
        for (var i = 0; i < elements.Count; i++)
        {
            if (elements[i].ChainElementStatus.Any(status => !IsAboutRoot(status.Status)))
                return false;
            if (i > 0 && trusted.Any(authority => IsSame(authority, elements[i].Certificate)))
                return IsAuthority(elements[i].Certificate);
        }
        return false;
    }

    private static X509Chain NewChain(DateTime time)
    {
        var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.VerificationTime = time;
#if NET
        chain.ChainPolicy.DisableCertificateDownloads = true;
#endif
        return chain;
    }

    private static bool IsAboutRoot(X509ChainStatusFlags status) =>
        (status & ~(X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) == 0;

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate
            .Extensions.Cast<X509Extension>()
            .OfType<X509BasicConstraintsExtension>()
            .Any(constraints => constraints.CertificateAuthority);

    private static bool IsSame(X509Certificate2 left, X509Certificate2 right) =>
        left.RawData.AsSpan().SequenceEqual(right.RawData);
}
