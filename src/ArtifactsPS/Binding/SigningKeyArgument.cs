using System.Management.Automation;
using System.Net;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using ArtifactsPS.Core.Attestations.Signing;

namespace ArtifactsPS.Binding;

/// <summary>Opens the key that a command signs with.</summary>
internal static class SigningKeyArgument
{
    /// <param name="certificate">Certificate with a private key; null to use the file.</param>
    /// <param name="keyPath">Path of a private key in PEM.</param>
    /// <param name="password">Password of the file; null for none.</param>
    /// <exception cref="SigningKeyInvalidException">The key can't sign.</exception>
    public static SigningKey Open(
        PathIntrinsics paths,
        X509Certificate2? certificate,
        string keyPath,
        SecureString? password
    )
    {
        if (certificate is not null)
            return SigningKey.Of(certificate);
        var text = File.ReadAllText(FileSystemPath.Resolve(paths, keyPath));
        return SigningKey.OfPem(keyPath, text, password is null ? null : new NetworkCredential("", password).Password);
    }
}
