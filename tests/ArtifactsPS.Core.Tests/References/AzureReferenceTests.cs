using System.Net;
using System.Text;
using ArtifactsPS.Stores.AzureBlob;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.References;

/// <summary>Blobs of Azurite, which has no versions, as targets of references.</summary>
public sealed class AzureReferenceTests
{
    private static readonly NetworkCredential Owner = new(Azurite.Account, Azurite.Key);

    [Fact]
    public async Task Blob_is_probed_and_opened_at_an_offset()
    {
        var (azurite, container, prefix) = await CreateAsync();
        await azurite.PutBlobAsync(container, "key", "0123456789"u8.ToArray());
        using var source = Open(azurite, prefix);
        var probed = await source.ProbeAsync($"{prefix}key", versionId: null, Token);
        var read = await source.OpenAsync($"{prefix}key", versionId: null, offset: 4, Token);
        var past = await source.OpenAsync($"{prefix}key", versionId: null, offset: 11, Token);

        Assert.Equal(10, probed!.Size);
        Assert.StartsWith("0x", probed.ETag, StringComparison.Ordinal);
        Assert.Null(probed.LastModified);
        Assert.Equal("456789", await new StreamReader(read!.Stream).ReadToEndAsync(Token));
        Assert.Equal((4L, probed), (read.Offset, read.Properties));
        Assert.Equal("", await new StreamReader(past!.Stream).ReadToEndAsync(Token));
        Assert.Equal((11L, read.Properties), (past.Offset, past.Properties));
        await azurite.PutBlobAsync(container, "key", []);
        Assert.NotEqual(probed.ETag, (await source.ProbeAsync($"{prefix}key", versionId: null, Token))!.ETag);
        Assert.Equal(0, (await source.OpenAsync($"{prefix}key", versionId: null, offset: 0, Token))!.Properties.Size);
    }

    [Fact]
    public async Task Missing_targets_are_null()
    {
        var (azurite, _, prefix) = await CreateAsync();
        using var source = Open(azurite, prefix);

        Assert.Null(await source.ProbeAsync(prefix.TrimEnd('/'), versionId: null, Token));
        Assert.Null(await source.OpenAsync(prefix.TrimEnd('/'), versionId: null, offset: 0, Token));
        Assert.Null(await source.ProbeAsync($"{prefix}never", versionId: null, Token));
        Assert.Null(await source.OpenAsync($"{prefix}never", versionId: null, offset: 0, Token));
        Assert.Empty((await source.ListAsync(prefix, new TargetListing(), Token))!.Targets);
        const string Nowhere = $"az://{Azurite.Account}/no-such-container/";
        using var nowhere = Open(azurite, Nowhere);
        Assert.Null(await nowhere.ProbeAsync(Nowhere + "key", versionId: null, Token));
        var failure = await Assert.ThrowsAsync<BucketException>(() =>
            nowhere.ListAsync(Nowhere, new TargetListing(), Token)
        );
        Assert.StartsWith("there is no container 'no-such-container'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denied_targets_are_reported_with_advice()
    {
        var (azurite, container, prefix) = await CreateAsync();
        await azurite.PutBlobAsync(container, "key", [1]);
        var sas = Azurite.AccountSas("w", TimeSpan.FromHours(1));
        using var source = Open(azurite, prefix, new NetworkCredential(Azurite.Account, sas));
        using var expired = Open(
            azurite,
            prefix,
            new NetworkCredential(Azurite.Account, Azurite.AccountSas("rl", TimeSpan.FromHours(-1)))
        );

        var probed = await DenialOf(() => source.ProbeAsync($"{prefix}key", versionId: null, Token));
        Assert.Contains("Storage Blob Data Reader", probed, StringComparison.Ordinal);
        await DenialOf(() => source.OpenAsync($"{prefix}key", versionId: null, offset: 0, Token));
        await DenialOf(() => source.ListAsync(prefix, new TargetListing(), Token));
        var late = await DenialOf(() => expired.ProbeAsync($"{prefix}key", versionId: null, Token));
        Assert.Contains("have expired", late, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", probed + late, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unusual_names_round_trip()
    {
        var (azurite, container, prefix) = await CreateAsync();
        string[] names = ["a b+c&d=e", "100%/50%25?x#y", "é/日本/😀", "=;:@$,!*'()[]{}|^~`", "lead//double/z"];
        foreach (var name in names)
            await azurite.PutBlobAsync(container, name, Encoding.UTF8.GetBytes(name));
        await azurite.PutBlobAsync(container, "folder/", []);
        using var source = Open(azurite, prefix);
        var page = await source.ListAsync(prefix, new TargetListing(), Token);

        Assert.Equal(
            names.Order(StringComparer.Ordinal),
            page!.Targets.Select(target => target.RelativePath).Order(StringComparer.Ordinal)
        );
        foreach (var target in page.Targets)
        {
            Assert.Equal(target.Properties, await source.ProbeAsync(target.Uri, versionId: null, Token));
            var read = await source.OpenAsync(target.Uri, versionId: null, offset: 0, Token);
            Assert.Equal(target.RelativePath, await new StreamReader(read!.Stream).ReadToEndAsync(Token));
        }
    }

    [Fact]
    public async Task Listing_takes_a_request_per_page()
    {
        const int Count = 300;
        var (azurite, container, prefix) = await CreateAsync();
        await Parallel.ForAsync(
            0,
            Count,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token },
            async (i, _) => await azurite.PutBlobAsync(container, $"raw/{i % 3}/{i:D5}", [1, 2])
        );
        await azurite.PutBlobAsync(container, "raw/top", [1]);
        var requests = 0;
        using var proxy = new FaultProxy(
            azurite.Port,
            _ =>
            {
                Interlocked.Increment(ref requests);
                return Fault.None;
            }
        );
        using var source = Open(azurite, prefix, port: proxy.Port);

        var all = await source.ListAsync($"{prefix}raw/", new TargetListing(), Token);
        var top = await source.ListAsync($"{prefix}raw/", new TargetListing { Folders = true }, Token);
        var parts = await Task.WhenAll(
            top!.Folders.Select(folder => source.ListAsync(folder.Uri, new TargetListing(), Token))
        );
        Assert.Equal(5, requests);
        Assert.Null(await source.ListAsync($"{prefix}raw/", new TargetListing { After = "1/" }, Token));
        Assert.Equal(Count + 1, all!.Targets.Count);
        Assert.Null(all.Continuation);
        Assert.Equal(
            [.. Enumerable.Range(0, 3).Select(i => new TargetFolder($"{prefix}raw/{i}/", $"{i}/"))],
            top.Folders
        );
        Assert.Equal(
            all.Targets.Select(target => (target.Uri, target.Properties)),
            parts
                .SelectMany(part => part!.Targets)
                .Concat(top.Targets)
                .Select(target => (target.Uri, target.Properties))
        );
    }

    [Theory]
    [InlineData("az://account")]
    [InlineData("az://evil.example/container/name")]
    [InlineData("az://account/evil.example/name")]
    [InlineData("az://account//name")]
    [InlineData("az://user@account/container/name")]
    public void Invalid_place_is_refused(string uri) =>
        Assert.Throws<InvalidReferenceException>(() => new AzureBlobStoreKind().ServiceOf(uri));

    private static async Task<(Azurite Azurite, string Container, string Prefix)> CreateAsync()
    {
        var azurite = await TestServers.AzureAsync();
        var container = $"c{Guid.NewGuid():N}";
        await azurite.CreateContainerAsync(container);
        return (azurite, container, $"az://{Azurite.Account}/{container}/");
    }

    private static IReferenceSource Open(
        Azurite azurite,
        string uri,
        NetworkCredential? credential = null,
        int? port = null
    ) =>
        new AzureBlobStoreKind().OpenReferences(
            uri,
            new StoreAccess
            {
                Credential = credential ?? Owner,
                Neighbour = StoreAddress.Parse(
                    $"az://any/container?endpoint={azurite.Endpoint(port)}&apiVersion={Azurite.ApiVersion}"
                ),
            }
        );

    private static async Task<string> DenialOf(Func<Task> request) =>
        (await Assert.ThrowsAsync<TargetDeniedException>(request)).Message;
}
