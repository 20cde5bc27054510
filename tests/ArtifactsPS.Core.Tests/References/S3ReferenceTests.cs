using System.Net;
using System.Text;
using ArtifactsPS.Stores.S3;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.References;

/// <summary>Objects of Ceph's S3 gateway as targets of references.</summary>
public sealed class S3ReferenceTests
{
    private static readonly NetworkCredential Owner = new(RadosGateway.AccessKey, RadosGateway.SecretKey);

    [Fact]
    public async Task Exact_version_is_read_after_overwrite()
    {
        var (gateway, bucket) = await CreateAsync(isVersioned: true);
        var uri = $"s3://{bucket}/key";
        await gateway.PutObjectAsync(bucket, "key", "old value"u8.ToArray());
        using var source = Open(gateway, uri);
        var old = await source.ProbeAsync(uri, versionId: null, Token);
        await gateway.PutObjectAsync(bucket, "key", "new"u8.ToArray());
        var current = await source.ProbeAsync(uri, versionId: null, Token);

        Assert.Equal((9, 3), (old!.Size, current!.Size));
        Assert.NotNull(old.VersionId);
        Assert.Equal(32, old.ETag!.Length);
        Assert.NotEqual(old, current);
        Assert.Equal(old, await source.ProbeAsync(uri, old.VersionId, Token));
        Assert.Equal(old, await source.ProbeAsync($"{uri}?versionId={old.VersionId}", versionId: null, Token));
        Assert.Equal("old value", await ReadAsync(source, uri, old.VersionId));
        Assert.Equal("new", await ReadAsync(source, uri, versionId: null));
    }

    [Fact]
    public async Task Object_is_opened_at_an_offset()
    {
        var (gateway, bucket) = await CreateAsync(isVersioned: true);
        var uri = $"s3://{bucket}/key";
        await gateway.PutObjectAsync(bucket, "key", "0123456789"u8.ToArray());
        using var source = Open(gateway, uri);
        var read = await source.OpenAsync(uri, versionId: null, offset: 4, Token);
        var past = await source.OpenAsync(uri, versionId: null, offset: 11, Token);

        Assert.Equal("456789", await new StreamReader(read!.Stream).ReadToEndAsync(Token));
        Assert.Equal(4, read.Offset);
        Assert.Equal(await source.ProbeAsync(uri, versionId: null, Token), read.Properties);
        Assert.Equal("", await new StreamReader(past!.Stream).ReadToEndAsync(Token));
        Assert.Equal((11L, read.Properties), (past.Offset, past.Properties));
    }

    [Fact]
    public async Task Bucket_without_versioning_has_no_version_ids()
    {
        var (gateway, bucket) = await CreateAsync(isVersioned: false);
        await gateway.PutObjectAsync(bucket, "a/key", [1]);
        using var source = Open(gateway, $"s3://{bucket}");
        var page = await source.ListAsync($"s3://{bucket}/a/", new TargetListing(), Token);
        var probed = await source.ProbeAsync($"s3://{bucket}/a/key", versionId: null, Token);

        Assert.Null(probed!.VersionId);
        Assert.Equal([new ListedTarget($"s3://{bucket}/a/key", "key", probed)], page!.Targets);
    }

    [Fact]
    public async Task Missing_targets_are_null()
    {
        var (gateway, bucket) = await CreateAsync(isVersioned: true);
        var version = await gateway.PutObjectAsync(bucket, "deleted", [1]);
        await gateway.DeleteObjectAsync(bucket, "deleted");
        using var source = Open(gateway, $"s3://{bucket}");

        Assert.Null(await source.ProbeAsync($"s3://{bucket}", versionId: null, Token));
        Assert.Null(await source.OpenAsync($"s3://{bucket}", versionId: null, offset: 0, Token));
        Assert.Null(await source.ProbeAsync($"s3://{bucket}/never", versionId: null, Token));
        Assert.Null(await source.OpenAsync($"s3://{bucket}/never", versionId: null, offset: 0, Token));
        Assert.Null(await source.ProbeAsync($"s3://{bucket}/deleted", versionId: null, Token));
        Assert.Null(await source.OpenAsync($"s3://{bucket}/never", version, offset: 0, Token));
        Assert.NotNull(await source.ProbeAsync($"s3://{bucket}/deleted", version, Token));
        Assert.Empty((await ListAsync(source, $"s3://{bucket}/", new TargetListing())).Targets);
        using var nowhere = Open(gateway, "s3://no-such-bucket/key");
        Assert.Null(await nowhere.ProbeAsync("s3://no-such-bucket/key", versionId: null, Token));
        var failure = await Assert.ThrowsAsync<BucketException>(() =>
            nowhere.ListAsync("s3://no-such-bucket/", new TargetListing(), Token)
        );
        Assert.Equal("there is no bucket 'no-such-bucket'.", failure.Message);
    }

    [Fact]
    public async Task Denied_targets_are_reported_with_advice()
    {
        var (gateway, bucket) = await CreateAsync(isVersioned: false);
        var (_, other) = await CreateAsync(isVersioned: false);
        var user = $"u{Guid.NewGuid():N}";
        await gateway.MakeUserAsync(user, "s3cret", other, "s3:GetObject");
        await gateway.PutObjectAsync(bucket, "key", [1]);
        var uri = $"s3://{bucket}/key";
        using var source = Open(gateway, uri, new NetworkCredential(user, "s3cret"));
        using var unknown = Open(gateway, uri, new NetworkCredential("nobody", "s3cret"));

        var probed = await DenialOf(() => source.ProbeAsync(uri, versionId: null, Token));
        Assert.Contains("s3:GetObject", probed, StringComparison.Ordinal);
        await DenialOf(() => source.OpenAsync(uri, versionId: null, offset: 0, Token));
        await DenialOf(() => source.ListAsync($"s3://{bucket}/", new TargetListing(), Token));
        var opened = await DenialOf(() => unknown.OpenAsync(uri, versionId: null, offset: 0, Token));
        Assert.Contains("the credentials were not accepted", opened, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", probed + opened, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listing_without_right_to_versions_has_none()
    {
        var (gateway, bucket) = await CreateAsync(isVersioned: true);
        var user = $"u{Guid.NewGuid():N}";
        await gateway.MakeUserAsync(user, "s3cret", bucket, "s3:ListBucket");
        await gateway.PutObjectAsync(bucket, "key", [1]);
        var requests = 0;
        using var proxy = new FaultProxy(gateway.Port, _ => Counted(ref requests));
        using var source = Open(gateway, $"s3://{bucket}", new NetworkCredential(user, "s3cret"), proxy.Port);

        for (var i = 0; i < 3; i++)
        {
            var target = Assert.Single((await ListAsync(source, $"s3://{bucket}/", new TargetListing())).Targets);
            Assert.Null(target.Properties.VersionId);
            Assert.NotNull(target.Properties.ETag);
        }
        Assert.Equal(4, requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unusual_keys_round_trip(bool isVersioned)
    {
        var (gateway, bucket) = await CreateAsync(isVersioned);
        string[] keys =
        [
            "a b+c&d=e",
            "100%/50%25?x#y",
            "é/日本/😀",
            "lead//double/z",
            "a/../b/./c",
            "..",
            "tab\tline\n<>&\"'",
            "k\u0001",
            "=;:@$,!*'()[]{}|\\^~`",
        ];
        foreach (var key in keys)
            await gateway.PutObjectAsync(bucket, key, Encoding.UTF8.GetBytes(key));
        // Tools create such objects as folders.
        await gateway.PutObjectAsync(bucket, "folder/", []);
        using var source = Open(gateway, $"s3://{bucket}");
        var page = await ListAsync(source, $"s3://{bucket}/", new TargetListing());

        Assert.Equal(
            keys.Order(StringComparer.Ordinal),
            page.Targets.Select(target => target.RelativePath).Order(StringComparer.Ordinal)
        );
        foreach (var target in page.Targets)
        {
            Assert.Equal(target.Properties, await source.ProbeAsync(target.Uri, versionId: null, Token));
            Assert.Equal(target.RelativePath, await ReadAsync(source, target.Uri, target.Properties.VersionId));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Listing_takes_a_request_per_thousand_objects(bool isVersioned)
    {
        const int Count = 1100;
        var (gateway, bucket) = await CreateAsync(isVersioned);
        await Parallel.ForAsync(
            0,
            Count,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token },
            async (i, _) => await gateway.PutObjectAsync(bucket, $"raw/{i % 3}/{i:D5}", [1, 2])
        );
        await gateway.PutObjectAsync(bucket, "raw/top", [1, 2, 3]);
        var requests = 0;
        using var proxy = new FaultProxy(gateway.Port, _ => Counted(ref requests));
        using var source = Open(gateway, $"s3://{bucket}", port: proxy.Port);

        var all = await ListAsync(source, $"s3://{bucket}/raw/", new TargetListing());
        Assert.Equal(2, requests);
        Assert.Equal(Count + 1, all.Targets.Count);
        Assert.All(all.Targets, target => Assert.Equal(isVersioned, target.Properties.VersionId is not null));
        var rest = await ListAsync(source, $"s3://{bucket}/raw/", new TargetListing { After = "1/" });
        Assert.Equal(3, requests);
        Assert.Equal(all.Targets.Where(target => target.RelativePath[0] != '0'), rest.Targets);
        var top = await ListAsync(source, $"s3://{bucket}/raw/", new TargetListing { Folders = true });
        var parts = await Task.WhenAll(
            top.Folders.Select(folder => ListAsync(source, folder.Uri, new TargetListing()))
        );
        Assert.Equal(7, requests);
        Assert.Equal(
            [.. Enumerable.Range(0, 3).Select(i => new TargetFolder($"s3://{bucket}/raw/{i}/", $"{i}/"))],
            top.Folders
        );
        Assert.Equal(
            all.Targets.Select(target => (target.Uri, target.Properties)),
            parts.SelectMany(part => part.Targets).Concat(top.Targets).Select(target => (target.Uri, target.Properties))
        );
    }

    [Theory]
    [InlineData(400, "AuthorizationHeaderMalformed")]
    [InlineData(301, "PermanentRedirect")]
    public async Task Bucket_of_another_region_is_asked_there(int status, string code)
    {
        using var server = new RefusingServer(status, code, ("x-amz-bucket-region", "eu-north-1"));
        using var source = new S3StoreKind().OpenReferences(
            "s3://bucket/key",
            new StoreAccess
            {
                Credential = Owner,
                Neighbour = StoreAddress.Parse($"s3://bucket?endpoint={server.Endpoint}&region=eu-west-1"),
            }
        );

        var failure = await Assert.ThrowsAsync<BucketException>(() =>
            source.OpenAsync("s3://bucket/key", versionId: null, offset: 0, Token)
        );
        Assert.Contains("Set AWS_REGION to eu-north-1", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("s3:///key")]
    [InlineData("s3://evil.example#/key")]
    [InlineData("s3://user@host/key")]
    [InlineData("s3://host:80/key")]
    [InlineData("s3://.bucket/key")]
    public void Invalid_bucket_is_refused(string uri) =>
        Assert.Throws<InvalidReferenceException>(() => new S3StoreKind().ServiceOf(uri));

    private static async Task<(RadosGateway Gateway, string Bucket)> CreateAsync(bool isVersioned)
    {
        var gateway = await TestServers.S3Async();
        var bucket = $"b{Guid.NewGuid():N}";
        await gateway.MakeBucketAsync(bucket);
        if (isVersioned)
            await gateway.EnableVersioningAsync(bucket);
        return (gateway, bucket);
    }

    private static IReferenceSource Open(
        RadosGateway gateway,
        string uri,
        NetworkCredential? credential = null,
        int? port = null
    ) =>
        new S3StoreKind().OpenReferences(
            uri,
            new StoreAccess
            {
                Credential = credential ?? Owner,
                Neighbour = StoreAddress.Parse($"s3://any?endpoint={gateway.Endpoint(port)}"),
            }
        );

    private static Fault Counted(ref int requests)
    {
        Interlocked.Increment(ref requests);
        return Fault.None;
    }

    private static async Task<string> ReadAsync(IReferenceSource source, string uri, string? versionId)
    {
        var read = await source.OpenAsync(uri, versionId, offset: 0, Token);
        using var reader = new StreamReader(read!.Stream);
        return await reader.ReadToEndAsync(Token);
    }

    private static async Task<(List<ListedTarget> Targets, List<TargetFolder> Folders)> ListAsync(
        IReferenceSource source,
        string uri,
        TargetListing listing
    )
    {
        var (targets, found) = (new List<ListedTarget>(), new List<TargetFolder>());
        string? continuation = null;
        do
        {
            var page = await source.ListAsync(uri, listing with { Continuation = continuation }, Token);
            targets.AddRange(page!.Targets);
            found.AddRange(page.Folders);
            continuation = page.Continuation;
        } while (continuation is not null);
        return (targets, found);
    }

    private static async Task<string> DenialOf(Func<Task> request) =>
        (await Assert.ThrowsAsync<TargetDeniedException>(request)).Message;
}
