using System.Security.Cryptography;
using System.Text;
using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Maintenance;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

public sealed class LateS3RequestTests() : LateRequestTests(Service.S3);

public sealed class LateAzureRequestTests() : LateRequestTests(Service.Azure)
{
    [Fact]
    public async Task Late_deletion_keeps_bytes_stored_again()
    {
        using var direct = await RemoteBuckets.OpenAsync(Service.Azure);
        using var proxy = await ProxyAsync(times: 1, "/key", "DELETE");
        using var store = RemoteBuckets.Through(proxy, direct, Short);
        Assert.True(await direct.TryCreateAsync("key", new byte[1], Token));
        Assert.True(await store.DeleteAsync("key", Token));
        Assert.True(await direct.TryCreateAsync("key", new byte[1], Token));

        Assert.Contains(" 412 ", Assert.Single(await proxy.ReleaseAsync()), StringComparison.Ordinal);

        Assert.NotNull(await direct.HeadAsync("key", Token));
        Assert.True(await direct.DeleteAsync("key", Token));
    }
}

/// <summary>A PUT that got no answer, and arrives when nobody reckons with it any more.</summary>
public abstract class LateRequestTests(Service service)
{
    private const string Id = "group";

    // Long enough for what isn't held.
    private protected static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Late_object_is_complete_and_cleaned_up()
    {
        using var direct = await RemoteBuckets.OpenAsync(service);
        await VersionStore.CreateAsync(direct, Token);
        using var proxy = await ProxyAsync(times: 1, "/objects/");
        using var store = RemoteBuckets.Through(proxy, direct, Short);
        var value = Encoding.UTF8.GetBytes("value");
        var hex = Convert.ToHexStringLower(SHA256.HashData(value));
        var key = $"objects/{hex[..2]}/{hex}";
        Assert.True(await store.TryCreateAsync(key, value, Token));
        Assert.True(await store.DeleteAsync(key, Token));

        Assert.Contains(" 20", Assert.Single(await proxy.ReleaseAsync()), StringComparison.Ordinal);

        using (var stream = (await direct.OpenReadAsync(key, 0, null, Token))!)
        using (var reader = new StreamReader(stream))
            Assert.Equal("value", await reader.ReadToEndAsync(Token));
        Assert.Equal(1, await CleanUpAsync(direct));
        Assert.Null(await direct.HeadAsync(key, Token));
    }

    [Fact]
    public async Task Late_repeated_transaction_changes_nothing()
    {
        using var direct = await RemoteBuckets.OpenAsync(service);
        await VersionStore.CreateAsync(direct, Token);
        using var proxy = await ProxyAsync(times: 1, "/artifacts/m/log/");
        using var store = RemoteBuckets.Through(proxy, direct, Short);
        await PublishAsync(store, "first");
        await PublishAsync(direct, "second");

        AssertRefused(await proxy.ReleaseAsync());

        Assert.Equal(2, await CheckAsync(direct));
    }

    [Fact]
    public async Task Late_abandoned_transaction_is_found_by_same_command()
    {
        using var direct = await RemoteBuckets.OpenAsync(service);
        await VersionStore.CreateAsync(direct, Token);
        using var proxy = await ProxyAsync(times: int.MaxValue, "/artifacts/m/log/");
        using var store = RemoteBuckets.Through(proxy, direct, Short);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => PublishAsync(store, "first"));
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => CheckAsync(direct));

        var answers = await proxy.ReleaseAsync();

        Assert.Single(answers, answer => answer.Contains(" 20", StringComparison.Ordinal));
        Assert.Equal(1, await CheckAsync(direct));
        Assert.Equal("m:v0", await PublishAsync(direct, "first"));
        Assert.Equal(1, await CheckAsync(direct));
    }

    [Fact]
    public async Task Late_abandoned_transaction_keeps_other_transactions()
    {
        using var direct = await RemoteBuckets.OpenAsync(service);
        await VersionStore.CreateAsync(direct, Token);
        using var proxy = await ProxyAsync(times: int.MaxValue, "/artifacts/m/log/");
        using var store = RemoteBuckets.Through(proxy, direct, Short);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => PublishAsync(store, "first"));
        Assert.Equal("m:v0", await PublishAsync(direct, "another's"));

        AssertRefused(await proxy.ReleaseAsync());

        Assert.Equal(1, await CheckAsync(direct));
        Assert.Equal("m:v1", await PublishAsync(direct, "first"));
    }

    [Fact]
    public async Task Late_abandoned_contribution_stays_before_seal()
    {
        using var direct = await RemoteBuckets.OpenAsync(service);
        var versions = await VersionStore.CreateAsync(direct, Token);
        using var proxy = await ProxyAsync(times: int.MaxValue, "/distributed/");
        using var store = RemoteBuckets.Through(proxy, direct, Short);
        await ContributeAsync(direct, "one");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ContributeAsync(store, "two"));
        var completer = new DistributedCompleter(
            new DistributedLog(versions, ArtifactName.Parse("m"), DistributedId.Parse(Id)),
            new CompletionOptions { Contributor = "one" }
        );
        var version = await completer.CompleteAsync(Token);

        AssertRefused(await proxy.ReleaseAsync());

        Assert.Equal(["one"], (await version.TextsAsync()).Keys);
        await Assert.ThrowsAsync<DistributedArtifactLockedException>(() => ContributeAsync(direct, "two"));
        await CheckAsync(direct);
    }

    private static async Task DeleteAsync(IObjectStore store, string reference)
    {
        var versions = await VersionStore.OpenAsync(store, Token);
        var version = await versions.FindAsync(ArtifactReference.Parse(reference), Token);
        await VersionEditor.DeleteAsync(version, evenIfInUse: false, null, Token);
    }

    private static async Task<long> CleanUpAsync(IObjectStore store)
    {
        var options = new CleanupOptions { GracePeriod = TimeSpan.Zero, IsForced = true };
        var versions = await VersionStore.OpenAsync(store, Token);
        var optimizer = new StoreOptimizer(versions, options, new TransferProgress());
        await optimizer.PlanAsync(Token);
        return (await optimizer.CleanUpAsync(StoreCleanupKind.Objects, Token)).Count;
    }

    private static async Task<string> PublishAsync(IObjectStore store, string text)
    {
        await using var draft = ArtifactDraft.Begin(
            await VersionStore.OpenAsync(store, Token),
            ArtifactName.Parse("m"),
            TypeName.Parse("data"),
            []
        );
        await draft.AddTextAsync("file", text);
        return (await draft.PublishAsync()).Reference;
    }

    private static async Task ContributeAsync(IObjectStore store, string writer)
    {
        await using var draft = ArtifactDraft.Begin(
            await VersionStore.OpenAsync(store, Token),
            ArtifactName.Parse("m"),
            TypeName.Parse("data"),
            []
        );
        await draft.AddTextAsync(writer, writer);
        await DraftContributor.ContributeAsync(draft, DistributedId.Parse(Id), writer, null, Token);
    }

    // Somebody had its key before.
    private static void AssertRefused(IReadOnlyList<string> answers)
    {
        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.Contains(" 4", answer, StringComparison.Ordinal));
    }

    /// <summary>Checks all of a store, and counts the transactions.</summary>
    private static async Task<int> CheckAsync(BucketObjectStore direct)
    {
        var problems = new ResultList<StoreProblem>();
        var checker = new StoreChecker(direct, problems, new TransferProgress());
        await checker.CheckAsync(allBytes: true, Token);
        Assert.Empty(problems);
        var versions = await VersionStore.OpenAsync(direct, Token);
        await versions.ReadCatalogAsync(ArtifactName.Parse("m"), Token);
        return await versions.OpenCatalog(ArtifactName.Parse("m")).HistoryAsync(Token).CountAsync(Token);
    }

    private protected async Task<FaultProxy> ProxyAsync(int times, string below, string method = "PUT")
    {
        var left = times;
        return new(
            await RemoteBuckets.PortAsync(service),
            request =>
                request.Method == method
                && request.Target.Contains(below, StringComparison.Ordinal)
                && Interlocked.Decrement(ref left) >= 0
                    ? Fault.Held
                    : Fault.None
        );
    }
}
