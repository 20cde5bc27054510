using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Maintenance;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

public sealed class FaultyS3Tests() : FaultyBucketTests(Service.S3);

public sealed class FaultyAzureTests() : FaultyBucketTests(Service.Azure);

/// <summary>A network between a store and its service that loses requests and answers.</summary>
public abstract class FaultyBucketTests(Service service)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    // For what is more than a word, on a machine that has other things to do.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(6);

    public static TheoryData<Fault> Faults =>
        [Fault.ResetBefore, Fault.AnswerLost, Fault.Unavailable, Fault.DoneAndUnavailable, Fault.Silent];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Creation_with_lost_answer_returns_true(Fault fault)
    {
        using var proxy = await ProxyAsync(Once(fault, "PUT"));
        using var store = await RemoteBuckets.OpenAsync(service, proxy.Port, timeLimit: Short);
        Assert.True(await CreateAsync(store, "key", "mine"));
        Assert.Equal("mine", await ReadAsync(store, "key"));
        Assert.False(await CreateAsync(store, "key", "another's"));
        Assert.Equal("mine", await ReadAsync(store, "key"));
        Assert.Equal(1, proxy.Faults);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Creation_of_existing_key_with_lost_answer_returns_false(Fault fault)
    {
        var armed = false;
        var once = Once(fault, "PUT");
        using var proxy = await ProxyAsync(request => armed ? once(request) : Fault.None);
        using var store = await RemoteBuckets.OpenAsync(service, proxy.Port, timeLimit: Short);
        Assert.True(await CreateAsync(store, "key", "first"));
        armed = true;
        Assert.False(await CreateAsync(store, "key", "second"));
        Assert.Equal("first", await ReadAsync(store, "key"));
        Assert.Equal(1, proxy.Faults);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Deletion_with_lost_answer_deletes_once(Fault fault)
    {
        using var proxy = await ProxyAsync(Once(fault, "DELETE"));
        using var store = await RemoteBuckets.OpenAsync(service, proxy.Port, timeLimit: Short);
        await CreateAsync(store, "key", "value");
        Assert.True(await store.DeleteAsync("key", Token));
        Assert.Null(await ReadAsync(store, "key"));
        Assert.False(await store.DeleteAsync("key", Token));
        Assert.Equal(1, proxy.Faults);
    }

    [Fact]
    public async Task Repeated_deletion_keeps_key_created_again()
    {
        using var direct = await RemoteBuckets.OpenAsync(service);
        // Another client creates the key after the deletion whose answer is lost, and before the retry.
        var once = Once(Fault.AnswerLost, "DELETE");
        var remade = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var deleted = false;
        using var proxy = await ProxyAsync(request =>
        {
            if (deleted && request.Method == "HEAD" && !remade.Task.IsCompleted)
                remade.SetResult(CreateAsync(direct, "key", "another's").GetAwaiter().GetResult());
            var fault = once(request);
            deleted |= fault != Fault.None;
            return fault;
        });
        using var store = RemoteBuckets.Through(proxy, direct);
        await CreateAsync(store, "key", "value");
        Assert.True(await store.DeleteAsync("key", Token));
        Assert.True(await remade.Task);
        Assert.Equal("another's", await ReadAsync(direct, "key"));
    }

    [Theory]
    [InlineData(Fault.ResetBefore)]
    [InlineData(Fault.AnswerLost)]
    [InlineData(Fault.Torn)]
    public async Task Reading_continues_after_broken_connection(Fault fault)
    {
        var count = 0;
        // Every second answer that has a part of the value breaks.
        using var proxy = await ProxyAsync(request =>
            request.Method == "GET" && Interlocked.Increment(ref count) % 2 == 1 ? fault : Fault.None
        );
        using var store = await RemoteBuckets.OpenAsync(service, proxy.Port);
        var value = new byte[20 << 20];
        new Random(3).NextBytes(value);
        await using (var staged = await store.StageAsync(Token))
        {
            await staged.WriteAsync(value, Token);
            Assert.True(await staged.CommitAsync("value", Token));
        }
        foreach (var offset in new[] { 0, 12345 })
        {
            using var stream = (await store.OpenReadAsync("value", offset, null, Token))!;
            using var read = new MemoryStream();
            await stream.CopyToAsync(read, Token);
            Assert.True(read.ToArray().AsSpan().SequenceEqual(value.AsSpan(offset)));
        }
        Assert.True(proxy.Faults >= 2);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Upload_in_parts_continues_after_fault(Fault fault)
    {
        // Each upload fails in the given way at the first attempt.
        var sent = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        using var proxy = await ProxyAsync(request =>
            request.Method is "PUT" or "POST" && sent.TryAdd(request.Method + request.Target, true) ? fault : Fault.None
        );
        using var store = await RemoteBuckets.OpenAsync(service, proxy.Port, "&partSize=5", Long);
        var value = new byte[23 << 20];
        new Random(4).NextBytes(value);
        var key = $"objects/{Convert.ToHexStringLower(SHA256.HashData(value))}";
        using var source = new MemoryStream(value);
        Assert.True(await store.UploadAsync(key, (buffer, token) => source.ReadAsync(buffer, token), Token));
        using var stream = (await store.OpenReadAsync(key, 0, null, Token))!;
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Token);
        Assert.True(read.ToArray().AsSpan().SequenceEqual(value));
        Assert.True(proxy.Faults >= 3);
        // Uploads that were started without an answer are left for a clean-up. They have no bytes.
        Assert.DoesNotContain(await store.ListStagedAsync(Token).ToListAsync(Token), staged => staged.Length > 0);
    }

    [Fact]
    public async Task Racers_on_faulty_network_have_one_winner()
    {
        const int Racers = 8;
        const int Rounds = 12;
        var random = new ThreadLocal<Random>(() => new Random(Environment.CurrentManagedThreadId));
        using var proxy = await ProxyAsync(_ =>
            random.Value!.Next(3) != 0
                ? Fault.None
                : (Fault)random.Value.Next((int)Fault.ResetBefore, (int)Fault.DoneAndUnavailable + 1)
        );
        using var direct = await RemoteBuckets.OpenAsync(service);
        var stores = Enumerable.Range(0, Racers).Select(_ => RemoteBuckets.Through(proxy, direct)).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            var key = $"race/{round}";
            var created = await Task.WhenAll(
                stores.Select((store, racer) => Task.Run(() => CreateOrGiveUpAsync(store, key, $"{racer}"), Token))
            );
            var value = await ReadAsync(direct, key);
            Assert.NotNull(value);
            for (var racer = 0; racer < Racers; racer++)
                // Null for a racer whose attempts all failed.
                if (created[racer] is { } isFirst)
                    Assert.Equal(value == $"{racer}", isFirst);
        }
        stores.ForEach(store => store.Dispose());
    }

    [Fact]
    public async Task Records_appended_on_faulty_network_appear_once()
    {
        const int Writers = 4;
        const int Each = 5;
        var random = new ConcurrentQueue<int>(Enumerable.Range(0, 100_000).Select(i => new Random(i).Next(12)));
        using var proxy = await ProxyAsync(_ =>
            random.TryDequeue(out var n) && n < 4 ? (Fault)(n + (int)Fault.ResetBefore) : Fault.None
        );
        using var direct = await RemoteBuckets.OpenAsync(service);
        await VersionStore.CreateAsync(direct, Token);
        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(writer =>
                    Task.Run(
                        async () =>
                        {
                            using var store = RemoteBuckets.Through(proxy, direct);
                            var versions = await VersionStore.OpenAsync(store, Token);
                            for (var i = 0; i < Each; i++)
                            {
                                await using var draft = ArtifactDraft.Begin(
                                    versions,
                                    ArtifactName.Parse("m"),
                                    TypeName.Parse("model"),
                                    []
                                );
                                await draft.AddTextAsync("file", $"{writer} {i}");
                                await draft.PublishAsync();
                            }
                        },
                        Token
                    )
                )
        );
        var after = await VersionStore.OpenAsync(direct, Token);
        var state = await after.ReadCatalogAsync(ArtifactName.Parse("m"), Token);
        Assert.Equal(Writers * Each, state.VersionNumbers.Count());
        Assert.Equal(Writers * Each, state.LastTransaction);
        Assert.True(proxy.Faults > Writers);
        var problems = new ResultList<StoreProblem>();
        var checker = new StoreChecker(direct, problems, new TransferProgress());
        await checker.CheckAsync(allBytes: true, Token);
        Assert.Empty(problems);
    }

    [Fact]
    public async Task Unresponsive_service_fails_within_time_limit()
    {
        using var proxy = await ProxyAsync(_ => Fault.Silent);
        using var store = await RemoteBuckets.OpenAsync(service, proxy.Port, timeLimit: TimeSpan.FromMilliseconds(500));
        var watch = Stopwatch.StartNew();
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            store.OpenReadAsync("key", 0, null, Token)
        );
        Assert.Contains("0.5 seconds", failure.Message, StringComparison.Ordinal);
        Assert.Contains("-TimeoutSeconds", failure.Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.5, 20);
    }

    [Fact]
    public async Task Unanswered_request_is_cancelled_at_once()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var proxy = await ProxyAsync(_ =>
        {
            asked.TrySetResult();
            return Fault.Silent;
        });
        using var store = await RemoteBuckets.OpenAsync(service, proxy.Port);
        using var cancelled = new CancellationTokenSource();
        var reading = store.OpenReadAsync("key", 0, null, cancelled.Token);
        await asked.Task;
        var watch = Stopwatch.StartNew();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
    }

    private static Func<ProxiedRequest, Fault> Once(Fault fault, string method)
    {
        var left = 1;
        return request => request.Method == method && Interlocked.Exchange(ref left, 0) == 1 ? fault : Fault.None;
    }

    private static async Task<bool?> CreateOrGiveUpAsync(BucketObjectStore store, string key, string value)
    {
        try
        {
            return await CreateAsync(store, key, value);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private static Task<bool> CreateAsync(BucketObjectStore store, string key, string value) =>
        store.TryCreateAsync(key, Encoding.UTF8.GetBytes(value), Token);

    private static async Task<string?> ReadAsync(BucketObjectStore store, string key)
    {
        using var stream = await store.OpenReadAsync(key, 0, null, Token);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Token);
    }

    private async Task<FaultProxy> ProxyAsync(Func<ProxiedRequest, Fault> choose) =>
        new(await RemoteBuckets.PortAsync(service), choose) { Latency = TimeSpan.FromMilliseconds(2) };
}
