using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Catalogs.Histories;

/// <summary>
/// Lets several clients of a store go on one at a time, from one call to the store to the next. Whose turn it is, chance
/// decides: the same number makes the same order again.
/// </summary>
/// <param name="seed">The number.</param>
internal sealed class Turns(int seed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Random _random = new(seed);
    private readonly List<(int Client, TaskCompletionSource Turn)> _waiting = [];
    private readonly SemaphoreSlim _changed = new(0);
    private int _last;

    /// <summary>Waits for a client's turn.</summary>
    public Task TakeAsync(int client)
    {
        // Continued where it is completed, and not by another thread: when that returns, the client waits again.
        var turn = new TaskCompletionSource();
        lock (_waiting)
            _waiting.Add((client, turn));
        _changed.Release();
        return turn.Task;
    }

    /// <summary>Whether something happens that is to happen once in so many times.</summary>
    public bool IsOneIn(int times) => _random.Next(times) == 0;

    /// <summary>Runs clients until all are done.</summary>
    public async Task RunAsync(IReadOnlyList<Func<Task>> clients)
    {
        // From one that changes clients at every call to one that mostly lets the same one go on.
        var staying = _random.Next(10);
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
            // One that neither waits nor is done pauses, and will come.
            while (!running.Select((task, i) => task.IsCompleted || IsWaiting(i)).All(isStill => isStill))
                Assert.True(await _changed.WaitAsync(Patience, Token), "A client is stuck.");
            if (running.TrueForAll(task => task.IsCompleted))
                break;
            Next(staying).SetResult();
        }
        await Task.WhenAll(running);
    }

    private bool IsWaiting(int client)
    {
        lock (_waiting)
            return _waiting.Exists(item => item.Client == client);
    }

    private TaskCompletionSource Next(int staying)
    {
        lock (_waiting)
        {
            var again = _waiting.FindIndex(item => item.Client == _last);
            var ordered = _waiting.OrderBy(item => item.Client).ToList();
            var next =
                again >= 0 && _random.Next(10) < staying ? _waiting[again] : ordered[_random.Next(ordered.Count)];
            _waiting.Remove(next);
            _last = next.Client;
            return next.Turn;
        }
    }
}

/// <summary>A store as one client sees it, which waits for its turn before each call. Now and then the answer to a creation
/// is lost.</summary>
/// <param name="inner">The store.</param>
/// <param name="turns">Whose turn it is.</param>
/// <param name="client">The client.</param>
/// <param name="losesAnswers">Whether answers get lost.</param>
internal sealed class TurnTakingObjectStore(IObjectStore inner, Turns turns, int client, bool losesAnswers)
    : StoreDecorator(inner)
{
    private const int LostOnceIn = 12;

    protected override Task BeforeAsync(string operation, string key) => turns.TakeAsync(client);

    protected override void After(string operation, string key)
    {
        if (losesAnswers && operation == "create" && turns.IsOneIn(LostOnceIn))
            throw new StoreUnavailableException(Location, "the answer was lost.");
    }
}
