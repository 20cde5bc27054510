using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Maintenance;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Attestations;

/// <summary>Signing of versions, and the status of signatures.</summary>
public sealed class SignatureTests : IAsyncLifetime
{
    private SignedStore _signed = null!;

    public async ValueTask InitializeAsync() => _signed = await SignedStore.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _signed.Dispose();
        return default;
    }

    [Fact]
    public async Task Signature_stays_valid_after_a_rename()
    {
        await _signed.SignAsync();
        var renamed = ArtifactName.Parse("renamed");
        await ArtifactRenamer.RenameAsync(_signed.Store.Versions, _signed.Version.Name, renamed, null, Token);

        var version = await _signed.Store.FindAsync("renamed");

        Assert.Equal(SignatureStatus.Valid, (await _signed.VerifyAsync(version)).Status);
        Assert.Empty(await _signed.Store.Memory.CheckAsync());
    }

    [Fact]
    public async Task Version_without_signature_is_not_signed()
    {
        Assert.Equal(SignatureStatus.NotSigned, (await _signed.VerifyAsync()).Status);
        var error = await Assert.ThrowsAsync<SignatureInvalidException>(() =>
            new SignatureVerifier(SignedStore.TrustIn(_signed.Key.Key)).RequireAsync(_signed.Version, Token)
        );
        Assert.Equal(SignatureStatus.NotSigned, error.Status);
    }

    [Theory]
    [InlineData("P-256")]
    [InlineData("P-384")]
    [InlineData("P-521")]
    [InlineData("RSA")]
    public async Task Signature_of_trusted_key_is_valid(string algorithm)
    {
        using AsymmetricAlgorithm pair = algorithm switch
        {
            "RSA" => RSA.Create(2048),
            "P-256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "P-384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            _ => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        };
        using var key = SignedStore.NewKey(pair);
        await VersionSigner.SignAsync(_signed.Version, key, SignedStore.Now, Token);

        var trusted = await new SignatureVerifier(SignedStore.TrustIn(key.Key)).VerifyAsync(_signed.Version, Token);
        Assert.Equal(SignatureStatus.Valid, Assert.Single(trusted).Status);
        Assert.Contains(algorithm, trusted[0].Algorithm, StringComparison.Ordinal);
        Assert.Equal(SignedStore.Now, trusted[0].SignedAt);
        Assert.Equal("net:v0", trusted[0].SignedAs);
        Assert.Equal(SignatureStatus.NotTrusted, (await _signed.VerifyAsync()).Status);
    }

    [Fact]
    public async Task Key_with_the_trusted_hint_but_other_numbers_is_not_trusted()
    {
        using var other = SignedStore.NewKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        await VersionSigner.SignAsync(_signed.Version, other, SignedStore.Now, Token);
        var key = _signed.SignatureKey;
        var body = SealedRecord.Decode(_signed.Store.Memory[key]).ToJson();
        // Claims to be the trusted key.
        body["signer"] = new JObject { ["hint"] = _signed.Key.Key.Hint };
        var record = SealedRecord.Encode(body);
        await _signed.Store.Memory.DeleteAsync(key, Token);
        await _signed.Store.Memory.TryCreateAsync(
            StoreLayout.AttestationKey(_signed.Version.Key, 0, SealedRecord.Decode(record).Digest),
            record,
            Token
        );

        Assert.Equal(SignatureStatus.HashMismatch, (await _signed.VerifyAsync()).Status);
    }

    [Fact]
    public async Task Certificate_is_trusted_by_itself_its_thumbprint_and_its_authority()
    {
        var (from, to) = (SignedStore.Now.AddYears(-1), SignedStore.Now.AddYears(1));
        using var root = SignedStore.NewCertificate("CN=Root", from, to, isAuthority: true);
        using var issued = SignedStore.NewCertificate("CN=Release", from, to, root);
        using var stranger = SignedStore.NewCertificate("CN=Root", from, to, isAuthority: true);
        using var key = SigningKey.Of(issued);
        await VersionSigner.SignAsync(_signed.Version, key, SignedStore.Now, Token);

        Assert.Equal(SignatureStatus.Valid, await StatusAsync(issued));
        Assert.Equal(SignatureStatus.Valid, await StatusAsync(root));
        Assert.Equal(SignatureStatus.NotTrusted, await StatusAsync(stranger));
        var trust = new TrustPolicy();
        Assert.True(trust.TryAddIdentity(issued.Thumbprint));
        Assert.Equal(SignatureStatus.Valid, await StatusAsync(trust, SignedStore.Now));
        Assert.Equal(SignatureStatus.Expired, await StatusAsync(trust, to.AddDays(1)));
        Assert.Equal(SignatureStatus.NotTrusted, await StatusAsync(trust, from.AddDays(-1)));
        trust = new TrustPolicy();
        trust.Add(root);
        Assert.Equal(SignatureStatus.Expired, await StatusAsync(trust, to.AddDays(1)));
    }

    [Fact]
    public async Task Certificate_issued_by_a_trusted_signer_is_not_trusted()
    {
        var (from, to) = (SignedStore.Now.AddYears(-1), SignedStore.Now.AddYears(1));
        using var signer = SignedStore.NewCertificate("CN=Signer", from, to);
        using var issued = SignedStore.NewCertificate("CN=Other", from, to, signer);
        using var key = SigningKey.Of(issued);
        await VersionSigner.SignAsync(_signed.Version, key, SignedStore.Now, Token);

        Assert.Equal(SignatureStatus.NotTrusted, await StatusAsync(signer));
    }

    [Fact]
    public void Certificate_that_must_not_sign_is_refused()
    {
        using var certificate = SignedStore.NewCertificate(
            "CN=Server",
            SignedStore.Now,
            SignedStore.Now.AddDays(1),
            usage: X509KeyUsageFlags.KeyEncipherment
        );

        var error = Assert.Throws<SigningKeyInvalidException>(() => SigningKey.Of(certificate));

        Assert.Contains("key usage", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule_asks_for_key_or_certificate()
    {
        using var certificate = SignedStore.NewCertificate(
            "CN=Release",
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        using var key = SigningKey.Of(certificate);
        await VersionSigner.SignAsync(_signed.Version, key, SignedStore.Now, Token);
        var attestations = new VersionAttestations(_signed.Store.Versions);

        Assert.True(await AskAsync(certificate.Thumbprint));
        Assert.True(await AskAsync(certificate.GetCertHashString(HashAlgorithmName.SHA256)));
        Assert.True(await AskAsync(key.Key.Id.Hex));
        Assert.False(await AskAsync(_signed.Key.Key.Id.Hex));
        Assert.False(await AskAsync("CN=Release"));

        Task<bool> AskAsync(string signer) =>
            attestations.IsSignedByAsync(_signed.Version.Key, _signed.Version.Record, signer, Token);
    }

    [Fact]
    public async Task Signing_reads_no_file()
    {
        await _signed.Store.ReopenAsync();
        var version = await _signed.Store.FindAsync("net:prod");
        var entry = await version.Manifest.FindAsync(EntryPath.Parse("weights.bin"), Token);
        var page = version.Record.StoredRoot!.Location;
        _signed.Store.Counting.Reset();

        await VersionSigner.SignAsync(version, _signed.Key, SignedStore.Now, Token);

        Assert.NotNull(entry);
        Assert.All(
            _signed.Store.Counting.KeysOf("read"),
            key => Assert.Equal(StoreLayout.ObjectKey(page.Object.Digest), key)
        );
        Assert.Single(_signed.Store.Counting.Creations);
    }

    [Fact]
    public async Task Version_of_references_only_can_be_signed()
    {
        await using var draft = _signed.Store.Begin("links");
        await draft.AddAsync(
            ManifestEntry.Reference(EntryPath.Parse("x"), "https://example.org/x", null, 7),
            replace: false,
            Token
        );
        var version = await draft.PublishAsync();
        await VersionSigner.SignAsync(version, _signed.Key, SignedStore.Now, Token);

        Assert.Equal(SignatureStatus.Valid, (await _signed.VerifyAsync(version)).Status);
    }

    [Fact]
    public async Task Statement_has_the_digest_of_all_files()
    {
        await _signed.SignAsync();
        using var folder = new TemporaryFolder();
        var path = folder["model.sig"];
        Assert.True(
            await new SignatureVerifier(new TrustPolicy()).TryExportAsync(
                _signed.Version,
                null,
                files: false,
                path,
                replaces: false,
                Token
            )
        );

        var bundle = JObject.Parse(await File.ReadAllTextAsync(path, Token));
        var payload = Convert.FromBase64String((string)bundle["dsseEnvelope"]!["payload"]!);
        var statement = JObject.Parse(Encoding.UTF8.GetString(payload));
        var resources = statement["predicate"]!["resources"]!;
        Assert.Equal(
            ["data/\"a\" ü.txt", "data/b.txt", "weights.bin"],
            resources.Select(resource => (string)resource["name"]!)
        );
        var digests = resources.SelectMany(resource => Convert.FromHexString((string)resource["digest"]!));
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData([.. digests])),
            (string)statement["subject"]!.Single()["digest"]!["sha256"]!
        );
        Assert.Equal(_signed.Version.Record.Digest.ToString(), (string)statement["predicate"]!["artifact"]!["digest"]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Exported_bundle_can_be_added_to_equal_version(bool files)
    {
        await _signed.SignAsync();
        using var folder = new TemporaryFolder();
        var path = folder["bundle.json"];
        Assert.True(
            await new SignatureVerifier(new TrustPolicy()).TryExportAsync(
                _signed.Version,
                null,
                files,
                path,
                replaces: true,
                Token
            )
        );
        await _signed.Store.Memory.DeleteAsync(_signed.SignatureKey, Token);

        var added = await VersionSigner.AddBundleAsync(_signed.Version, path, Token);

        Assert.Equal(SignatureStatus.Valid, (await _signed.VerifyAsync()).Status);
        Assert.Equal(added.Id, (await _signed.VerifyAsync()).Id);
        var other = await _signed.Store.PublishAsync("other", ("weights.bin", "other"));
        await Assert.ThrowsAsync<InvalidBundleException>(() => VersionSigner.AddBundleAsync(other, path, Token));
    }

    [Fact]
    public async Task Copy_and_archive_have_the_signature()
    {
        await _signed.SignAsync();
        var there = await TestStore.CreateAsync();
        using var folder = new TemporaryFolder();
        var archive = folder["net.zip"];

        var copier = new VersionCopier(
            _signed.Version,
            there.Versions,
            ArtifactName.Parse("renamed"),
            new TransferProgress()
        );
        var copy = await copier.CopyAsync([], null, Token);
        await new ArchiveExporter(
            _signed.Version,
            System.IO.Compression.CompressionLevel.Fastest,
            new TransferProgress()
        ).ExportAsync(archive, replace: false, Token);
        var imported = await new ArchiveImporter(archive, there.Versions, new TransferProgress()).ImportAsync(
            ArtifactName.Parse("imported"),
            [],
            null,
            Token
        );

        Assert.Equal(SignatureStatus.Valid, (await _signed.VerifyAsync(copy)).Status);
        Assert.Equal(SignatureStatus.Valid, (await _signed.VerifyAsync(imported)).Status);
        Assert.Equal("net:v0", (await _signed.VerifyAsync(copy)).SignedAs);
    }

    [Fact]
    public async Task Signature_is_there_again_after_restoring_the_version()
    {
        await _signed.SignAsync();
        var other = await _signed.Store.PublishAsync("net", ("other", "1"));
        await VersionEditor.DeleteAsync(_signed.Version, evenIfInUse: true, null, Token);
        await VersionRestorer.RestoreAsync(_signed.Store.Versions, _signed.Version.Name, 0, null, Token);

        var restored = await _signed.Store.FindAsync("net:v0");
        Assert.Equal(SignatureStatus.Valid, (await _signed.VerifyAsync(restored)).Status);
        Assert.Equal(SignatureStatus.NotSigned, (await _signed.VerifyAsync(other)).Status);
    }

    private Task<SignatureStatus> StatusAsync(X509Certificate2 trusted)
    {
        var trust = new TrustPolicy();
        trust.Add(trusted);
        return StatusAsync(trust, SignedStore.Now);
    }

    private async Task<SignatureStatus> StatusAsync(TrustPolicy trust, DateTimeOffset now)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(now);
        return (await new SignatureVerifier(trust, clock).VerifyAsync(_signed.Version, Token))[0].Status;
    }
}
