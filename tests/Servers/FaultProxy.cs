using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ArtifactsPS.Tests.Servers;

/// <summary>What a proxy does to a request.</summary>
public enum Fault
{
    None,

    /// <summary>The connection is reset, and the server never hears of the request.</summary>
    ResetBefore,

    /// <summary>The server does what it is asked, and the connection is reset before it can say so.</summary>
    AnswerLost,

    /// <summary>The proxy says 503 without asking the server.</summary>
    Unavailable,

    /// <summary>The server does what it is asked, and the proxy says 503.</summary>
    DoneAndUnavailable,

    /// <summary>The server does what it is asked, and no answer comes while the connection stays.</summary>
    Silent,

    /// <summary>The connection is reset in the middle of the answer's body, if there is one.</summary>
    Torn,

    /// <summary>The server doesn't hear of the request before <see cref="FaultProxy.ReleaseAsync"/>; the client never hears
    /// anything.</summary>
    Held,
}

/// <summary>Stands between a client and an HTTP server on this machine, and does harm where it is told to.</summary>
internal sealed class FaultProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Func<ProxiedRequest, Fault> _choose;
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Task<string>> _held = new();
    private int _done;

    /// <param name="target">The server's port.</param>
    /// <param name="choose">Asked about each request once all of it is there. Called by many threads at once.</param>
    public FaultProxy(int target, Func<ProxiedRequest, Fault> choose)
    {
        (_target, _choose) = (target, choose);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where the proxy is.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How long each request takes besides.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>What becomes of the head of each request; null for nothing.</summary>
    public Func<string, string>? Rewrite { get; init; }

    /// <summary>How much harm was done.</summary>
    public int Faults => Volatile.Read(ref _done);

    /// <summary>Lets all that is held arrive at the server.</summary>
    /// <returns>What the server said to each: the first lines of its answers.</returns>
    public async Task<IReadOnlyList<string>> ReleaseAsync()
    {
        _release.SetResult();
        return await Task.WhenAll(_held);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var stop = _stop.Token;
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(stop);
                _ = ServeAsync(client, stop);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using var server = new TcpClient();
        try
        {
            using (client)
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, stop);
                var (near, far) = (new HttpPeer(client.GetStream()), new HttpPeer(server.GetStream()));
                while (await near.ReadAsync(isAnswerTo: null, stop) is { } request)
                    if (!await PassAsync(request, near, far, stop))
                    {
                        // What is closed so is reset.
                        client.LingerState = new LingerOption(enable: true, seconds: 0);
                        return;
                    }
            }
        }
        catch (Exception e)
            when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two is gone; so is the other, then.
        }
    }

    private async Task<bool> PassAsync(HttpMessage message, HttpPeer near, HttpPeer far, CancellationToken stop)
    {
        var fault = _choose(new ProxiedRequest(message));
        if (fault != Fault.None)
            Interlocked.Increment(ref _done);
        await Task.Delay(Latency, stop);
        if (fault == Fault.ResetBefore)
            return false;
        if (fault == Fault.Held)
        {
            var landing = LandAsync(message, far, stop);
            _held.Enqueue(landing);
            await landing;
            return false;
        }
        if (fault != Fault.Unavailable)
        {
            await far.WriteAsync(HeadOf(message), message.Body, stop);
            var answer = await far.ReadAsync(isAnswerTo: message.Method, stop);
            switch (fault)
            {
                case Fault.AnswerLost:
                    return false;
                case Fault.Silent:
                    await Task.Delay(Timeout.Infinite, stop);
                    return false;
                case Fault.Torn when answer is { Body.Length: > 1 }:
                    await near.WriteAsync(answer.Head, answer.Body.AsMemory(0, answer.Body.Length / 2), stop);
                    return false;
                case Fault.None or Fault.Torn when answer is not null:
                    await near.WriteAsync(answer.Head, answer.Body, stop);
                    return true;
                case Fault.None or Fault.Torn:
                    return false;
            }
        }
        await near.WriteAsync(
            "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"u8.ToArray(),
            ReadOnlyMemory<byte>.Empty,
            stop
        );
        return true;
    }

    private async Task<string> LandAsync(HttpMessage message, HttpPeer far, CancellationToken stop)
    {
        await _release.Task.WaitAsync(stop);
        await far.WriteAsync(HeadOf(message), message.Body, stop);
        return (await far.ReadAsync(isAnswerTo: message.Method, stop))?.FirstLine ?? "";
    }

    private byte[] HeadOf(HttpMessage message) =>
        Rewrite is null ? message.Head : Encoding.Latin1.GetBytes(Rewrite(Encoding.Latin1.GetString(message.Head)));
}

/// <summary>A request that goes through a proxy.</summary>
internal sealed record ProxiedRequest(HttpMessage Message)
{
    public string Method => Message.Method;

    /// <summary>The path and what follows it.</summary>
    public string Target => Message.FirstLine.Split(' ')[1];
}
