using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

public sealed class S3OutageTests() : OutageTests(Service.S3);

public sealed class AzureOutageTests() : OutageTests(Service.Azure);

/// <summary>A server that is away while versions are published, restored, copied and cleaned up.</summary>
public abstract class OutageTests(Service service) : IDisposable
{
    private const int Size = 3 << 20;

    // By a clock that the tests move.
    private static readonly int[] Seconds = [5, 30, 60];
    private const int SuspendedSeconds = 60;

    private readonly TemporaryFolder _folder = new();
    private int _count;

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Commands_succeed_after_server_was_down()
    {
        using var server = await StartAsync();
        foreach (var seconds in Seconds)
            await RunAsync(
                server,
                $"down{seconds}",
                async time =>
                {
                    await server.StopAsync();
                    await time.PassAsync(TimeSpan.FromSeconds(seconds), waitsForPauses: true);
                    await server.RestartAsync();
                }
            );
    }

    [Fact]
    public async Task Commands_succeed_after_server_was_suspended()
    {
        using var server = await StartAsync();
        await RunAsync(
            server,
            "suspended",
            async time =>
            {
                server.Suspend();
                await time.PassAsync(TimeSpan.FromSeconds(SuspendedSeconds), waitsForPauses: false);
                server.Resume();
            }
        );
    }

    private static byte[] Content(int seed)
    {
        var bytes = new byte[Size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    // Each command is repeated, so that the outage hits all kinds of requests, until one has begun after the outage.
    private async Task RunAsync(IOutageServer server, string prefix, Func<OutageTime, Task> outage)
    {
        var address = Address(server.Port, prefix);
        var time = new OutageTime();
        var isOver = false;
        using (var setup = Open(address))
        {
            await VersionStore.CreateAsync(setup, Token);
            await PublishAsync(setup, "source", 0);
        }
        var begun = new List<Task>();
        var running = new[]
        {
            RepeatAsync(async (store, round) => await PublishAsync(store, "published", round)),
            RepeatAsync(async (store, round) => await RestoreAsync(store, round)),
            RepeatAsync(async (store, round) => await CopyAsync(store)),
            RepeatAsync(async (store, round) => await CleanUpAsync(store, round)),
        };
        await Task.WhenAll(begun);
        await outage(time);
        using var after = Open(address);
        await after.ExistsAsync(StoreLayout.StoreRecord, Token);
        Volatile.Write(ref isOver, true);
        await time.EndPausesAsync(Task.WhenAll(running));

        var problems = new ResultList<StoreProblem>();
        await new StoreChecker(after, problems, new TransferProgress()).CheckAsync(allBytes: true, Token);
        Assert.Empty(problems);

        Task RepeatAsync(Func<IObjectStore, int, Task> command)
        {
            var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            begun.Add(first.Task);
            return Task.Run(
                async () =>
                {
                    using var store = Open(address, time);
                    for (var round = 1; ; round++)
                    {
                        var isLast = Volatile.Read(ref isOver);
                        await command(store, round);
                        first.TrySetResult();
                        if (isLast)
                            return;
                    }
                },
                Token
            );
        }
    }

    private static async Task PublishAsync(IObjectStore objects, string name, int round)
    {
        var store = await VersionStore.OpenAsync(objects, Token);
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse(name), TypeName.Parse("data"), []);
        await draft.AddBytesAsync(EntryPath.Parse("a.bin"), Content(round), replace: false, Token);
        await draft.AddTextAsync("b.txt", $"{round}");
        await draft.PublishAsync();
    }

    private async Task RestoreAsync(IObjectStore objects, int round)
    {
        var store = await VersionStore.OpenAsync(objects, Token);
        var version = await store.FindAsync(ArtifactReference.Parse("source"), Token);
        var target = _folder[$"restored {round}"];
        var results = new RestoreResults();
        var restorer = new FolderRestorer(version, target, new RestoreOptions(), results, new TransferProgress());
        await restorer.RestoreAsync(Token);
        Assert.Empty(results.Failures);
        Assert.Equal(
            Sha256.Of(Content(0)),
            Sha256.Of(await File.ReadAllBytesAsync(Path.Combine(target, "a.bin"), Token))
        );
        Directory.Delete(target, recursive: true);
    }

    private async Task CopyAsync(IObjectStore objects)
    {
        var store = await VersionStore.OpenAsync(objects, Token);
        var version = await store.FindAsync(ArtifactReference.Parse("source"), Token);
        var destination = await VersionStore.CreateAsync(
            new FolderObjectStore(_folder[$"copy {Interlocked.Increment(ref _count)}"]),
            Token
        );
        var copier = new VersionCopier(version, destination, ArtifactName.Parse("source"), new TransferProgress());
        await copier.CopyAsync([], null, Token);
    }

    // Each round removes a version, condemns its content, and purges that of the round before.
    private static async Task CleanUpAsync(IObjectStore objects, int round)
    {
        var store = await VersionStore.OpenAsync(objects, Token);
        await PublishAsync(objects, "removed", -round);
        var version = await store.FindAsync(ArtifactReference.Parse("removed"), Token);
        await VersionEditor.DeleteAsync(version, false, null, Token);
        var optimizer = new StoreOptimizer(
            store,
            // Other commands of the test have just stored content that no version has yet. They bring it back.
            new CleanupOptions { GracePeriod = TimeSpan.Zero, IsForced = false },
            new TransferProgress()
        );
        foreach (var plan in await optimizer.PlanAsync(Token))
            await optimizer.CleanUpAsync(plan.Kind, Token);
    }

    private static BucketObjectStore Open(StoreAddress address, TimeProvider? time = null) =>
        RemoteBuckets.Reopen(address, TimeSpan.FromSeconds(10), RequestLimits.DefaultRetry, time);

    private StoreAddress Address(int port, string prefix) =>
        StoreAddress.Parse(
            service == Service.S3
                ? $"s3://{RadosGateway.Bucket}/{prefix}?endpoint=http://127.0.0.1:{port}"
                : $"az://{Azurite.Account}/{Azurite.Container}/{prefix}?apiVersion={Azurite.ApiVersion}"
                    + $"&endpoint=http://127.0.0.1:{port}/{Azurite.Account}"
        );

    private async Task<IOutageServer> StartAsync()
    {
        // Skips the test where the server isn't installed.
        _ = await RemoteBuckets.PortAsync(service);
        return service == Service.S3
            ? await RadosGateway.StartAsync()
            : await Azurite.StartAsync(TestServers.Repository, isDurable: true);
    }
}
