using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Catalogs.Histories;

/// <summary>
/// Scheduler that lets one of several clients run at a time, until its next store operation. The order is random and
/// depends on the seed only.
/// </summary>
internal sealed class Turns(int seed)
{
    private static readonly TimeSpan TurnTimeout = TimeSpan.FromSeconds(30);

    private readonly Random _random = new(seed);
    private readonly List<(int Client, TaskCompletionSource Turn)> _waiting = [];
    private readonly SemaphoreSlim _changed = new(0);
    private int _last;

    /// <summary>Waits for a client's turn.</summary>
    public Task TakeAsync(int client)
    {
        // Continues synchronously, so that the client waits again when SetResult returns.
        var turn = new TaskCompletionSource();
        lock (_waiting)
            _waiting.Add((client, turn));
        _changed.Release();
        return turn.Task;
    }

    /// <summary>Returns true once in the given number of calls, on average.</summary>
    public bool IsOneIn(int times) => _random.Next(times) == 0;

    /// <summary>Runs clients until all are completed.</summary>
    public async Task RunAsync(IReadOnlyList<Func<Task>> clients)
    {
        // Chance in tenths that the same client continues, from never to mostly.
        var repeatChance = _random.Next(10);
        var running = new List<Task>();
        foreach (var client in clients)
        {
            var task = client();
            running.Add(task);
            _ = task.ContinueWith(
                _ => _changed.Release(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
        while (true)
        {
            // A client that neither waits nor is completed is still running.
            while (!running.Select((task, i) => task.IsCompleted || IsWaiting(i)).All(isIdle => isIdle))
                Assert.True(await _changed.WaitAsync(TurnTimeout, Token), "A client is stuck.");
            if (running.TrueForAll(task => task.IsCompleted))
                break;
            Next(repeatChance).SetResult();
        }
        await Task.WhenAll(running);
    }

    private bool IsWaiting(int client)
    {
        lock (_waiting)
            return _waiting.Exists(item => item.Client == client);
    }

    private TaskCompletionSource Next(int repeatChance)
    {
        lock (_waiting)
        {
            var again = _waiting.FindIndex(item => item.Client == _last);
            var ordered = _waiting.OrderBy(item => item.Client).ToList();
            var next =
                again >= 0 && _random.Next(10) < repeatChance ? _waiting[again] : ordered[_random.Next(ordered.Count)];
            _waiting.Remove(next);
            _last = next.Client;
            return next.Turn;
        }
    }
}

/// <summary>Store of one client, which waits for the client's turn before each operation. Some answers to creations are
/// lost.</summary>
internal sealed class TurnTakingObjectStore(IObjectStore inner, Turns turns, int client, bool losesAnswers)
    : StoreDecorator(inner)
{
    private const int AnswersPerLoss = 12;

    protected override Task BeforeAsync(string operation, string key) => turns.TakeAsync(client);

    protected override void After(string operation, string key)
    {
        if (losesAnswers && operation == "create" && turns.IsOneIn(AnswersPerLoss))
            throw new StoreUnavailableException(Location, "the answer was lost.");
    }
}
