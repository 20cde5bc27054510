using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ArtifactsPS.Benchmarks.Buckets;

/// <summary>Forwards connections to a server on this machine. Each byte arrives later, as over a long line, at the full
/// speed.</summary>
internal sealed class LatencyProxy : IDisposable
{
    private const int BufferSize = 64 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _server;
    private readonly TimeSpan _delay;
    private readonly RequestTimeline? _timeline;
    private long _sent;
    private long _received;

    /// <param name="server">Port of the server.</param>
    /// <param name="roundTrip">Delay of a request and its answer together.</param>
    /// <param name="timeline">Receives the requests; null if nobody needs them.</param>
    public LatencyProxy(int server, TimeSpan roundTrip, RequestTimeline? timeline = null)
    {
        (_server, _delay, _timeline) = (server, roundTrip / 2, timeline);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes that clients sent so far, with headers.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Bytes that clients received so far, with headers.</summary>
    public long Received => Interlocked.Read(ref _received);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The proxy is disposed.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
                var connection = _timeline?.Connect();
                await Task.WhenAll(
                    DelayAsync(
                        client,
                        server,
                        bytes =>
                        {
                            Interlocked.Add(ref _sent, bytes.Count);
                            connection?.Send(bytes);
                        }
                    ),
                    DelayAsync(
                        server,
                        client,
                        bytes =>
                        {
                            Interlocked.Add(ref _received, bytes.Count);
                            connection?.Receive(bytes.Count);
                        }
                    )
                );
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // One side closed its connection, so the other one is closed.
            }
    }

    private async Task DelayAsync(TcpClient from, TcpClient to, Action<ArraySegment<byte>> arrived)
    {
        var waiting = Channel.CreateBounded<(ReadOnlyMemory<byte> Bytes, long Due)>(256);
        await Task.WhenAll(ReadAsync(), WriteAsync());

        async Task ReadAsync()
        {
            try
            {
                while (true)
                {
                    var buffer = new byte[BufferSize];
                    var read = await from.GetStream().ReadAsync(buffer, _stop.Token);
                    if (read == 0)
                        return;
                    arrived(new ArraySegment<byte>(buffer, 0, read));
                    var due = Stopwatch.GetTimestamp() + (long)(_delay.TotalSeconds * Stopwatch.Frequency);
                    await waiting.Writer.WriteAsync((buffer.AsMemory(0, read), due), _stop.Token);
                }
            }
            finally
            {
                waiting.Writer.Complete();
            }
        }

        async Task WriteAsync()
        {
            await foreach (var (bytes, due) in waiting.Reader.ReadAllAsync(_stop.Token))
            {
                var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                if (left > TimeSpan.Zero)
                    await Task.Delay(left, _stop.Token);
                await to.GetStream().WriteAsync(bytes, _stop.Token);
            }
            to.Client.Shutdown(SocketShutdown.Send);
        }
    }
}
