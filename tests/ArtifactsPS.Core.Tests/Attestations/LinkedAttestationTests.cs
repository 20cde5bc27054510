using ArtifactsPS.Core.Attestations.Evidence;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Tests.Fixtures;
using TestResult = ArtifactsPS.Core.Attestations.Evidence.TestResult;

namespace ArtifactsPS.Core.Tests.Attestations;

/// <summary>Signatures and evidence of a source count for its links.</summary>
public sealed class LinkedAttestationTests : IAsyncLifetime
{
    private static readonly AliasName Prod = AliasName.Parse("prod");

    private SignedStore _signed = null!;

    private VersionStore Store => _signed.Store.Versions;

    public async ValueTask InitializeAsync() => _signed = await SignedStore.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _signed.Dispose();
        return default;
    }

    [Fact]
    public async Task Signature_of_source_is_valid_for_links_of_links()
    {
        await _signed.SignAsync();
        var first = await LinkAsync(_signed.Version, "churn");
        var second = await LinkAsync(first, "registry");
        Assert.Equal(SignatureStatus.Valid, (await _signed.VerifyAsync(second)).Status);

        await VersionEditor.DeleteAsync(_signed.Version, evenIfInUse: true, null, Token);
        await VersionEditor.DeleteAsync(first, evenIfInUse: true, null, Token);
        var found = await _signed.VerifyAsync(await _signed.Store.FindAsync("registry:v0"));
        Assert.Equal((SignatureStatus.Valid, "net:v0"), (found.Status, found.SignedAs));
    }

    [Fact]
    public async Task Later_evidence_of_source_counts_and_own_evidence_stays()
    {
        var link = await LinkAsync(_signed.Version, "churn");
        await AddAsync(_signed.Version, failed: 0);
        Assert.True(Assert.Single(await ListAsync(link)).Passed);

        await AddAsync(link, failed: 1);
        Assert.Equal(2, (await ListAsync(link)).Count);
        Assert.True(Assert.Single(await ListAsync(_signed.Version)).Passed);
    }

    [Fact]
    public async Task Rule_of_collection_is_met_by_source_when_linking()
    {
        var store = Store.WithAttestations(plain => new VersionAttestations(plain));
        await new AliasRuleEditor(store).ProtectAsync(
            AliasRule.Create(Prod, TextPattern.Any) with
            {
                Evidence = ["Test"],
                Signers = [_signed.Key.Key.Id.Hex],
            },
            null,
            Token
        );
        var version = await store.FindAsync(ArtifactReference.Parse("net:v0"), Token);
        await _signed.SignAsync();
        var error = await Assert.ThrowsAsync<AliasProtectedException>(() => LinkAsync(version, "churn", Prod));
        Assert.Contains("'Test'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("signature", error.Message, StringComparison.Ordinal);

        await AddAsync(version, failed: 0);
        Assert.Equal(["latest", "prod"], (await LinkAsync(version, "churn", Prod)).Aliases.Texts());
    }

    [Fact]
    public async Task Source_in_other_store_meets_rule_of_collection()
    {
        var isReachable = true;
        var other = await TestStore.CreateAsync();
        var registry = other
            .Versions.WithOtherStores(
                (place, _) =>
                    isReachable ? Task.FromResult(Store) : throw new StoreUnavailableException(place.Location, "no.")
            )
            .WithAttestations(plain => new VersionAttestations(plain));
        var rule = AliasRule.Create(Prod, TextPattern.Any) with
        {
            Evidence = ["Test"],
            Signers = [_signed.Key.Key.Id.Hex],
        };
        await new AliasRuleEditor(registry).ProtectAsync(rule, null, Token);
        var linker = new VersionLinker(_signed.Version, ArtifactName.Parse("churn"), registry);
        await Assert.ThrowsAsync<AliasProtectedException>(() => linker.CheckAsync([Prod], null, Token));
        await _signed.SignAsync();
        await AddAsync(_signed.Version, failed: 0);
        var link = await linker.LinkAsync([Prod], null, null, Token);

        Assert.Equal(["latest", "prod"], link.Aliases.Texts());
        Assert.Equal(SignatureStatus.Valid, (await _signed.VerifyAsync(link)).Status);
        isReachable = false;
        var found = await registry.FindAsync(ArtifactReference.Parse("churn:v0"), Token);
        await Assert.ThrowsAsync<LinkedStoreUnavailableException>(() => _signed.VerifyAsync(found));
    }

    [Fact]
    public async Task Copy_of_link_has_signature_of_source()
    {
        await _signed.SignAsync();
        var link = await LinkAsync(_signed.Version, "churn");
        var other = await TestStore.CreateAsync();
        var copy = await new VersionCopier(link, other.Versions, link.Name, new TransferProgress()).CopyAsync(
            [],
            null,
            Token
        );

        Assert.Equal(SignatureStatus.Valid, (await _signed.VerifyAsync(copy)).Status);
        Assert.Null(copy.Record.Link);
    }

    private static Task<PublishedVersion> LinkAsync(
        PublishedVersion version,
        string collection,
        params AliasName[] aliases
    ) => new VersionLinker(version, ArtifactName.Parse(collection)).LinkAsync(aliases, null, null, Token);

    private static Task AddAsync(PublishedVersion version, int failed) =>
        new EvidenceRecorder(new TrustPolicy()).AddAsync(
            version,
            new TestResult
            {
                Passed = 1,
                Failed = failed,
                Skipped = 0,
            },
            null,
            SignedStore.Now,
            Token
        );

    private static Task<IReadOnlyList<VersionEvidence>> ListAsync(PublishedVersion version) =>
        new EvidenceRecorder(new TrustPolicy()).ListAsync(version, Token);
}
