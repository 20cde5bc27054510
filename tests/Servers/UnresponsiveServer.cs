using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ArtifactsPS.Tests.Servers;

/// <summary>Accepts connections and never answers.</summary>
internal sealed class UnresponsiveServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ManualResetEvent _asked = new(initialState: false);

    public UnresponsiveServer()
    {
        _listener.Start();
        _ = ListenAsync();
    }

    public string Endpoint =>
        string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Set after the first request.</summary>
    public WaitHandle Asked => _asked;

    public void Dispose()
    {
        _listener.Dispose();
        _asked.Dispose();
    }

    private async Task ListenAsync()
    {
        var clients = new List<TcpClient>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                clients.Add(client);
                await client.GetStream().ReadExactlyAsync(new byte[1]);
                _asked.Set();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}
