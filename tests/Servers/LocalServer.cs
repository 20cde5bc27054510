using System.Globalization;
using System.Net;

namespace ArtifactsPS.Tests.Servers;

/// <summary>HTTP server on this machine that answers one request at a time.</summary>
internal abstract class LocalServer : IDisposable
{
    // Another process may take a free port before the listener has it.
    private const int Attempts = 10;

    private readonly HttpListener _listener;

    protected LocalServer()
    {
        (_listener, Endpoint) = Listen(Attempts);
        _ = ServeAsync();
    }

    public string Endpoint { get; }

    public void Dispose() => _listener.Close();

    protected abstract Task AnswerAsync(HttpListenerRequest request, HttpListenerResponse response);

    private static (HttpListener Listener, string Endpoint) Listen(int attempts)
    {
        var endpoint = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ServerProcess.FreePort()}");
        var listener = new HttpListener();
        listener.Prefixes.Add(endpoint + "/");
        try
        {
            listener.Start();
            return (listener, endpoint);
        }
        catch (HttpListenerException) when (attempts > 1)
        {
            listener.Close();
            return Listen(attempts - 1);
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                await AnswerAsync(context.Request, context.Response);
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Disposed.
        }
    }
}
