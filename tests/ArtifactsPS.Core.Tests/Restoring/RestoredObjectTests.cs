using System.Net;
using ArtifactsPS.Stores.AzureBlob;
using ArtifactsPS.Stores.S3;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Restoring;

/// <summary>References to objects of real servers, from adding to restoring.</summary>
public sealed class RestoredObjectTests : IDisposable
{
    private readonly RestoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Versions_of_overwritten_and_deleted_objects_are_restored()
    {
        var gateway = await TestServers.S3Async();
        var bucket = $"b{Guid.NewGuid():N}";
        await gateway.MakeBucketAsync(bucket);
        await gateway.EnableVersioningAsync(bucket);
        foreach (var key in new[] { "raw/a b", "raw/c/d", "raw/e" })
            await gateway.PutObjectAsync(bucket, key, Encode("old " + key));
        var access = new StoreAccess
        {
            Credential = new NetworkCredential(RadosGateway.AccessKey, RadosGateway.SecretKey),
            Neighbour = StoreAddress.Parse($"s3://any?endpoint={gateway.Endpoint()}"),
        };
        using var source = new S3StoreKind().OpenReferences($"s3://{bucket}/raw/", access);
        var sources = Sources("s3", source);
        var version = await PublishAsync(sources, $"s3://{bucket}/raw/");
        await gateway.PutObjectAsync(bucket, "raw/a b", Encode("new"));
        await gateway.DeleteObjectAsync(bucket, "raw/c/d");

        var results = await RestoreAsync(version, sources);

        Assert.Empty(results.Failures);
        Assert.Equal(
            [("a b", "old raw/a b"), ("c/d", "old raw/c/d"), ("e", "old raw/e")],
            _fixture.DestinationSnapshot().Keys.Select(path => (path, _fixture.Folder.Read("destination/" + path)))
        );
    }

    [Fact]
    public async Task Changed_blob_fails_and_others_are_restored()
    {
        var azurite = await TestServers.AzureAsync();
        var container = $"c{Guid.NewGuid():N}";
        await azurite.CreateContainerAsync(container);
        foreach (var name in new[] { "raw/a", "raw/b", "raw/c" })
            await azurite.PutBlobAsync(container, name, Encode(name));
        var prefix = $"az://{Azurite.Account}/{container}/raw/";
        var access = new StoreAccess
        {
            Credential = new NetworkCredential(Azurite.Account, Azurite.Key),
            Neighbour = StoreAddress.Parse(
                $"az://any/container?endpoint={azurite.Endpoint()}&apiVersion={Azurite.ApiVersion}"
            ),
        };
        using var source = new AzureBlobStoreKind().OpenReferences(prefix, access);
        var sources = Sources("az", source);
        var version = await PublishAsync(sources, prefix);
        await azurite.PutBlobAsync(container, "raw/a", Encode("RAW/A"));

        var results = await RestoreAsync(version, sources);

        Assert.Equal("a", Assert.Single(results.Failures).Item);
        Assert.IsType<ReferenceChangedException>(results.Failures[0].Exception);
        Assert.Equal(["b", "c"], _fixture.DestinationSnapshot().Keys);
    }

    private async Task<PublishedVersion> PublishAsync(ReferenceSources sources, string prefix)
    {
        await using var draft = ArtifactDraft.From(await _fixture.PublishAsync("file"));
        await draft.RemoveAsync("file");
        var failures = new ResultList<ItemFailure>();
        await new TargetAdder(draft, sources, new TargetOptions(), failures, new TransferProgress()).AddAsync(
            prefix,
            Token
        );
        Assert.Empty(failures);
        return await draft.PublishAsync();
    }

    private Task<RestoreResults> RestoreAsync(PublishedVersion version, ReferenceSources sources) =>
        _fixture.RestoreAsync(version, new RestoreOptions { References = new ReferencedContent(sources) });

    private static ReferenceSources Sources(string scheme, IReferenceSource source)
    {
        var handlers = new ReferenceHandlers();
        handlers.Register(scheme, source);
        return new ReferenceSources(new HostRules([]), new StoreAccess(), []) { Handlers = handlers };
    }

    private static byte[] Encode(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
