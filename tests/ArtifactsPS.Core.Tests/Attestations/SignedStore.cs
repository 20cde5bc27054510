using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Attestations;

/// <summary>Store in memory with a version of a few files and a reference, and keys to sign it.</summary>
internal sealed class SignedStore : IDisposable
{
    private SignedStore(TestStore store, PublishedVersion version) => (Store, Version) = (store, version);

    public static DateTimeOffset Now { get; } = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);

    public TestStore Store { get; }

    public PublishedVersion Version { get; }

    public SigningKey Key { get; } = NewKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static async Task<SignedStore> CreateAsync()
    {
        // Bytes of uncompressed objects can be edited.
        var store = await TestStore.CreateAsync(StoreCompression.None);
        await using var draft = store.Begin("net");
        await draft.AddTextAsync("weights.bin", "weights");
        await draft.AddTextAsync("data/\"a\" ü.txt", "text");
        await draft.AddTextAsync("data/b.txt", "text");
        await draft.AddAsync(
            ManifestEntry.Reference(EntryPath.Parse("elsewhere"), "https://example.org/x", null, 7),
            replace: false,
            Token
        );
        return new SignedStore(store, await draft.PublishAsync("prod"));
    }

    public Task<VersionSignature> SignAsync() => VersionSigner.SignAsync(Version, Key, Now, Token);

    /// <summary>Verifies a version with the key of this store.</summary>
    public async Task<VersionSignature> VerifyAsync(PublishedVersion? version = null) =>
        (await new SignatureVerifier(TrustIn(Key.Key)).VerifyAsync(version ?? Version, Token))[0];

    public string SignatureKey =>
        Store.Memory.Keys.Single(key => key.Contains("/attestations/", StringComparison.Ordinal));

    public static TrustPolicy TrustIn(VerificationKey key)
    {
        var trust = new TrustPolicy();
        trust.AddPem("key.pub", key.ToPem());
        return trust;
    }

    public static SigningKey NewKey(AsymmetricAlgorithm key) =>
        SigningKey.OfPem("key.pem", key.ExportPkcs8PrivateKeyPem(), null);

    /// <summary>Creates a certificate for code signing.</summary>
    /// <param name="issuer">Authority that issues it; null for a self-signed one.</param>
    public static X509Certificate2 NewCertificate(
        string subject,
        DateTimeOffset from,
        DateTimeOffset to,
        X509Certificate2? issuer = null,
        bool isAuthority = false,
        X509KeyUsageFlags usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        if (!isAuthority)
            request.CertificateExtensions.Add(
                new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.3")], critical: false)
            );
        if (issuer is null)
            return request.CreateSelfSigned(from, to);
        using var issuerKey = issuer.GetECDsaPrivateKey()!;
        var generator = X509SignatureGenerator.CreateForECDsa(issuerKey);
        using var issued = request.Create(issuer.SubjectName, generator, from, to, Guid.NewGuid().ToByteArray());
        return issued.CopyWithPrivateKey(key);
    }

    public void Dispose() => Key.Dispose();
}
