namespace ArtifactsPS.Core.Tests.Storage.Remote;

public sealed class SpoolGateTests
{
    private const long Much = 600L << 20;

    [Fact]
    public async Task Writers_wait_until_enough_is_sent()
    {
        var gate = new SpoolGate();
        await gate.WaitAsync(Token);
        gate.Enter(Much);
        gate.Enter(Much);
        var waiting = Enumerable.Range(0, 3).Select(_ => gate.WaitAsync(Token).AsTask()).ToList();
        gate.Leave(Much);
        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        gate.Leave(Much);
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(30), Token);
        await gate.WaitAsync(Token);
    }

    [Fact]
    public async Task Waiting_writer_is_cancelled()
    {
        var gate = new SpoolGate();
        gate.Enter(Much);
        using var stopped = new CancellationTokenSource();
        var waiting = gate.WaitAsync(stopped.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
