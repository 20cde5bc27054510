using System.Globalization;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Hostile;
using FsCheck;
using FsCheck.Fluent;

namespace ArtifactsPS.Core.Tests.Catalogs.Histories;

/// <summary>
/// Concurrent clients of one catalog, whose store operations are interleaved randomly. The results must be those of a
/// sequential execution. <c>ARTIFACTS_TEST_FUZZ_COUNT</c> multiplies the number of histories;
/// <c>ARTIFACTS_TEST_HISTORY</c> repeats the history of a seed.
/// </summary>
public sealed class CatalogHistoryTests
{
    private const string Variable = "ARTIFACTS_TEST_HISTORY";
    private const int Histories = 400;
    private const int Contents = 4;
    private const int MaxVersion = 7;

    // Numbers of earlier transactions. Some are chosen so that a history creates and deletes checkpoints.
    private static readonly int[] Lengths = [0, 3, 27, 60, 92];

    private static readonly Gen<string> Alias = Gen.Elements("prod", "Prod", "beta", "latest");

    private static readonly Gen<CatalogCall> Call = Gen.Frequency(
        (4, PublishCalls()),
        (3, Number().SelectMany(number => Alias.Select(alias => (CatalogCall)new CatalogCall.SetAlias(number, alias)))),
        (
            2,
            Number()
                .SelectMany(number =>
                    Gen.Elements("prod", "beta")
                        .Select(alias => (CatalogCall)new CatalogCall.RemoveAlias(number, alias))
                )
        ),
        (3, EditCalls()),
        (
            3,
            Number()
                .SelectMany(number =>
                    Gen.Elements(true, false).Select(even => (CatalogCall)new CatalogCall.Delete(number, even))
                )
        ),
        (
            2,
            Gen.Choose(0, 3)
                .SelectMany(keepCount =>
                    Gen.SubListOf(Enumerable.Range(0, MaxVersion))
                        .Select(chosen => (CatalogCall)new CatalogCall.DeleteOlder(keepCount, [.. chosen]))
                )
        ),
        (1, Gen.Constant<CatalogCall>(new CatalogCall.DeleteExpired())),
        (4, Gen.Constant<CatalogCall>(new CatalogCall.Read()))
    );

    private static readonly Gen<Plan> Plans = Gen.Choose(2, 4)
        .SelectMany(clients => Call.ListOf(5).ListOf(clients))
        .SelectMany(calls =>
            Gen.Elements(Lengths)
                .SelectMany(length =>
                    Gen.Elements(true, false)
                        .SelectMany(losesAnswers =>
                            Gen.Elements(true, false)
                                .Select(usesCache => new Plan(
                                    [.. calls.Select(c => c.ToList())],
                                    length,
                                    losesAnswers,
                                    usesCache
                                ))
                        )
                )
        );

    // Initial stores by number of transactions. Each history uses a copy.
    private readonly Dictionary<int, (MemoryObjectStore Store, ModelCatalog Model)> _initialStores = [];

    [Fact]
    public async Task Concurrent_histories_are_linearizable()
    {
        var contents = await ContentsAsync();
        var only = Environment.GetEnvironmentVariable(Variable);
        if (only is not null)
        {
            var seed = int.Parse(only, CultureInfo.InvariantCulture);
            await CheckAsync(PlanOf(seed), seed, contents);
            return;
        }
        var calls = 0;
        for (var seed = 0; seed < Histories * Fuzzing.Factor; seed++)
        {
            var plan = PlanOf(seed);
            calls += plan.Clients.Sum(client => client.Count);
            await CheckAsync(plan, seed, contents);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{Histories * Fuzzing.Factor} histories of {calls} calls");
    }

    [Fact]
    public async Task History_is_reproducible_from_seed()
    {
        var contents = await ContentsAsync();
        for (var seed = 0; seed < 20; seed++)
            Assert.Equal(
                (await RunAsync(PlanOf(seed), seed, contents)).History.ToString(),
                (await RunAsync(PlanOf(seed), seed, contents)).History.ToString()
            );
    }

    [Fact]
    public void Answer_that_fits_no_order_is_detected()
    {
        var publish = new CatalogCall.Publish(0, null, [], KeepsLatest: false);
        var found = "next 1; " + new ModelCatalog().Publish(0, null, [], keepsLatest: false);
        var read = new CatalogCall.Read();
        // The first read overlaps the publishing, so both results are possible. The second read must not be older.
        Assert.True(
            IsLinearizable(new(0, publish, 1, 4, null), new(1, read, 2, 3, "next 0; "), new(1, read, 5, 6, "next 0; "))
        );
        Assert.True(IsLinearizable(new(0, publish, 1, 4, null), new(1, read, 2, 3, found), new(1, read, 5, 6, found)));
        Assert.False(
            IsLinearizable(new(0, publish, 1, 4, null), new(1, read, 2, 3, found), new(1, read, 5, 6, "next 0; "))
        );
        Assert.False(
            IsLinearizable(new(0, publish, 1, 4, null), new(1, read, 2, 3, "next 0; "), new(1, read, 5, 6, "next 2; "))
        );
        Assert.False(
            IsLinearizable(new(0, publish, 1, 4, null), new(1, read, 5, 6, "next 0; "), new(1, read, 7, 8, found))
        );

        static bool IsLinearizable(params CatalogEvent[] events) =>
            new CatalogHistory(new ModelCatalog(), events).IsLinearizable();
    }

    private static Gen<int> Number() => Gen.Choose(0, MaxVersion);

    private static Gen<CatalogCall> PublishCalls() =>
        Gen.Choose(0, Contents - 1)
            .SelectMany(content =>
                Gen.Elements(null, "one", "two")
                    .SelectMany(description =>
                        Gen.SubListOf("prod", "Prod", "beta")
                            .SelectMany(aliases =>
                                Gen.Elements(true, false)
                                    .Select(keeps =>
                                        (CatalogCall)new CatalogCall.Publish(content, description, [.. aliases], keeps)
                                    )
                            )
                    )
            );

    private static Gen<CatalogCall> EditCalls() =>
        Number()
            .SelectMany(number =>
                Gen.Elements(null, null, "three")
                    .SelectMany(description =>
                        Gen.Elements(null, "a", "B")
                            .SelectMany(add =>
                                Gen.Elements(null, "A", "b")
                                    .SelectMany(remove =>
                                        Gen.Elements(null, "", CatalogCall.Past, CatalogCall.Future)
                                            .Select(expiry =>
                                                (CatalogCall)
                                                    new CatalogCall.Edit(number, description, add, remove, expiry)
                                            )
                                    )
                            )
                    )
            );

    private static Plan PlanOf(int seed) => Plans.Sample(1, new Rnd((ulong)seed * 0x9E3779B97F4A7C15UL), 10).Single();

    private async Task CheckAsync(Plan plan, int seed, MemoryObjectStore contents)
    {
        if (await TryAsync(plan, seed, contents) is not { } failure)
            return;
        // Remove calls that aren't needed for the failure.
        for (var isSmaller = true; isSmaller; )
        {
            isSmaller = false;
            foreach (var smaller in plan.Smaller())
                if (await TryAsync(smaller, seed, contents) is { } same)
                {
                    (plan, failure, isSmaller) = (smaller, same, true);
                    break;
                }
        }
        Assert.Fail($"{Variable}={seed} repeats this.\n{failure}");
    }

    // Returns the failure, or null.
    private async Task<string?> TryAsync(Plan plan, int seed, MemoryObjectStore contents)
    {
        var (history, memory) = await RunAsync(plan, seed, contents);
        if (!history.IsLinearizable())
            return $"No sequential order gives these answers:\n{history}";
        var read = new CatalogCall.Read();
        var store = await VersionStore.OpenAsync(memory, Token);
        var roots = await RootsAsync(store);
        var state = await read.RunAsync(store, roots);
        foreach (
            var key in memory.Keys.Where(key => key.StartsWith("artifacts/m/checkpoints/", StringComparison.Ordinal))
        )
            await memory.DeleteAsync(key, Token);
        var replayed = await read.RunAsync(await VersionStore.OpenAsync(memory, Token), roots);
        return state == replayed ? null : $"The checkpoint gives {state}, and the log gives {replayed}:\n{history}";
    }

    private async Task<(CatalogHistory History, MemoryObjectStore Store)> RunAsync(
        Plan plan,
        int seed,
        MemoryObjectStore contents
    )
    {
        var roots = await RootsAsync(await VersionStore.OpenAsync(contents, Token));
        if (!_initialStores.TryGetValue(plan.Length, out var initial))
            _initialStores.Add(
                plan.Length,
                initial = await CreateInitialStoreAsync(plan.Length, contents.Copy(), roots)
            );
        var (memory, model) = (initial.Store.Copy(), initial.Model);

        var turns = new Turns(seed);
        var clock = 0;
        var events = new List<CatalogEvent>();
        using var folder = new TemporaryFolder();
        await turns.RunAsync([
            .. plan.Clients.Select((calls, client) => (Func<Task>)(() => RunClientAsync(client, calls))),
        ]);
        return (new CatalogHistory(model, [.. events.OrderBy(item => item.Start)]), memory);

        async Task RunClientAsync(int client, List<CatalogCall> calls)
        {
            IObjectStore objects = new TurnTakingObjectStore(memory, turns, client, plan.LosesAnswers);
            // The first two clients share a machine.
            if (plan.UsesCache)
                objects = CachingMachine.Over(objects, folder[$"{Math.Max(client, 1)}"]);
            // The store is opened for each call, so that nothing is cached in memory.
            foreach (var call in calls)
            {
                await turns.TakeAsync(client);
                var start = Interlocked.Increment(ref clock);
                string? result = null;
                try
                {
                    result = await call.RunAsync(await VersionStore.OpenAsync(objects, Token), roots);
                }
                catch (StoreUnavailableException) when (plan.LosesAnswers)
                {
                    // The call may have taken effect.
                }
                catch (Exception e)
                {
                    // No result of the model equals this text.
                    result = e.ToString();
                }
                var end = Interlocked.Increment(ref clock);
                lock (events)
                    events.Add(new CatalogEvent(client, call, start, end, result));
            }
        }
    }

    private static async Task<(MemoryObjectStore Store, ModelCatalog Model)> CreateInitialStoreAsync(
        int length,
        MemoryObjectStore memory,
        List<PageReference> roots
    )
    {
        var model = new ModelCatalog();
        var store = await VersionStore.OpenAsync(memory, Token);
        for (var i = 0; i < length; i++)
        {
            CatalogCall call =
                i < 3
                    ? new CatalogCall.Publish(i, null, [], KeepsLatest: false)
                    : new CatalogCall.Edit(i % 3, $"edited {i}", null, null, null);
            Assert.Equal(call.ApplyTo(model), await call.RunAsync(store, roots));
        }
        return (memory, model);
    }

    // A store with the trees of later versions, in another artifact.
    private static async Task<MemoryObjectStore> ContentsAsync()
    {
        var store = await TestStore.CreateAsync();
        for (var content = 0; content < Contents; content++)
            await store.PublishAsync("contents", ("file", $"{content}"));
        return store.Memory;
    }

    private static async Task<List<PageReference>> RootsAsync(VersionStore store)
    {
        var state = await store.ReadCatalogAsync(ArtifactName.Parse("contents"), Token);
        return [.. state.VersionNumbers.Select(number => state.Find(number)!.StoredRoot!)];
    }

    /// <param name="Clients">Calls of each client, in order.</param>
    /// <param name="Length">Number of earlier transactions.</param>
    /// <param name="LosesAnswers">Whether the store loses some answers.</param>
    /// <param name="Remembers">Whether clients cache catalog states on their machines.</param>
    private sealed record Plan(List<List<CatalogCall>> Clients, int Length, bool LosesAnswers, bool UsesCache)
    {
        public IEnumerable<Plan> Smaller()
        {
            for (var client = 0; client < Clients.Count; client++)
            for (var call = 0; call < Clients[client].Count; call++)
            {
                var clients = Clients.Select(calls => calls.ToList()).ToList();
                clients[client].RemoveAt(call);
                yield return this with
                {
                    Clients = clients,
                };
            }
        }
    }
}
