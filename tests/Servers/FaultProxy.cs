using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ArtifactsPS.Tests.Servers;

/// <summary>Fault that a proxy simulates for a request.</summary>
public enum Fault
{
    None,

    /// <summary>The connection is reset before the request reaches the server.</summary>
    ResetBefore,

    /// <summary>The server carries out the request, and the connection is reset before its answer.</summary>
    AnswerLost,

    /// <summary>The proxy answers 503, without the server.</summary>
    Unavailable,

    /// <summary>The server carries out the request, and the proxy answers 503.</summary>
    DoneAndUnavailable,

    /// <summary>The server carries out the request, and no answer arrives on the open connection.</summary>
    Silent,

    /// <summary>The connection is reset in the middle of the answer's body.</summary>
    Torn,

    /// <summary>The request reaches the server only after <see cref="FaultProxy.ReleaseAsync"/>. The client gets no
    /// answer.</summary>
    Held,
}

/// <summary>Proxy between a client and an HTTP server on this machine that simulates faults.</summary>
internal sealed class FaultProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Func<ProxiedRequest, Fault> _choose;
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Task<string>> _held = new();
    private int _done;

    /// <param name="target">Port of the server.</param>
    /// <param name="choose">Chooses the fault of each complete request. Called concurrently.</param>
    public FaultProxy(int target, Func<ProxiedRequest, Fault> choose)
    {
        (_target, _choose) = (target, choose);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Port of the proxy.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Added delay of each request.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Changes the head of each request; null for no change.</summary>
    public Func<string, string>? Rewrite { get; init; }

    /// <summary>Number of simulated faults.</summary>
    public int Faults => Volatile.Read(ref _done);

    /// <summary>Forwards all held requests to the server.</summary>
    /// <returns>First lines of the server's answers.</returns>
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
                var (clientPeer, serverPeer) = (new HttpPeer(client.GetStream()), new HttpPeer(server.GetStream()));
                while (await clientPeer.ReadAsync(isAnswerTo: null, stop) is { } request)
                    if (!await PassAsync(request, clientPeer, serverPeer, stop))
                    {
                        // Closes the connection with a reset.
                        client.LingerState = new LingerOption(enable: true, seconds: 0);
                        return;
                    }
            }
        }
        catch (Exception e)
            when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side closed its connection. Disposing closes the other.
        }
    }

    private async Task<bool> PassAsync(
        HttpMessage message,
        HttpPeer clientPeer,
        HttpPeer serverPeer,
        CancellationToken stop
    )
    {
        var fault = _choose(new ProxiedRequest(message));
        if (fault != Fault.None)
            Interlocked.Increment(ref _done);
        await Task.Delay(Latency, stop);
        if (fault == Fault.ResetBefore)
            return false;
        if (fault == Fault.Held)
        {
            var landing = LandAsync(message, stop);
            _held.Enqueue(landing);
            await landing;
            return false;
        }
        if (fault != Fault.Unavailable)
        {
            await serverPeer.WriteAsync(HeadOf(message), message.Body, stop);
            var answer = await serverPeer.ReadAsync(isAnswerTo: message.Method, stop);
            switch (fault)
            {
                case Fault.AnswerLost:
                    return false;
                case Fault.Silent:
                    await Task.Delay(Timeout.Infinite, stop);
                    return false;
                case Fault.Torn when answer is { Body.Length: > 1 }:
                    await clientPeer.WriteAsync(answer.Head, answer.Body.AsMemory(0, answer.Body.Length / 2), stop);
                    return false;
                case Fault.None or Fault.Torn when answer is not null:
                    await clientPeer.WriteAsync(answer.Head, answer.Body, stop);
                    return true;
                case Fault.None or Fault.Torn:
                    return false;
            }
        }
        await clientPeer.WriteAsync(
            "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"u8.ToArray(),
            ReadOnlyMemory<byte>.Empty,
            stop
        );
        return true;
    }

    // On a new connection: a server closes one that was idle for seconds.
    private async Task<string> LandAsync(HttpMessage message, CancellationToken stop)
    {
        await _release.Task.WaitAsync(stop);
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _target, stop);
        var serverPeer = new HttpPeer(server.GetStream());
        await serverPeer.WriteAsync(HeadOf(message), message.Body, stop);
        return (await serverPeer.ReadAsync(isAnswerTo: message.Method, stop))?.FirstLine ?? "";
    }

    private byte[] HeadOf(HttpMessage message) =>
        Rewrite is null ? message.Head : Encoding.Latin1.GetBytes(Rewrite(Encoding.Latin1.GetString(message.Head)));
}

/// <summary>Request that passes the proxy.</summary>
internal sealed record ProxiedRequest(HttpMessage Message)
{
    public string Method => Message.Method;

    /// <summary>Path and query.</summary>
    public string Target => Message.FirstLine.Split(' ')[1];
}
