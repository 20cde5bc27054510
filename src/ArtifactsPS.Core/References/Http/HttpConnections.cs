using System.Net;
using System.Net.Sockets;

namespace ArtifactsPS.Core.References.Http;

/// <summary>HTTP client of all references. It follows no redirects, sends no credentials or cookies, and connects to no link-local
/// address.</summary>
internal static class HttpConnections
{
    public static HttpClient Client { get; } = new(CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };

#if NET
    private static SocketsHttpHandler CreateHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = async (context, token) =>
            {
                var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
                var found = await Dns.GetHostAddressesAsync(host, token).ConfigureAwait(false);
                var addresses = HostRules.Allowed(host, found);
                // Connects to the addresses that were checked. Another look-up could have another answer.
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(addresses, port, token).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };

    /// <summary>Checks the addresses of a host. Each connection checks them by itself.</summary>
    public static Task CheckAsync(Uri uri) => Task.CompletedTask;
#else
    private static HttpClientHandler CreateHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
        };

    /// <summary>Checks the addresses of a host. .NET Framework looks them up again when it connects.</summary>
    /// <exception cref="TargetDeniedException">All of them are link-local.</exception>
    public static async Task CheckAsync(Uri uri)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(uri.DnsSafeHost).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // A proxy may know the host. Otherwise the request reports this.
            return;
        }
        HostRules.Allowed(uri.DnsSafeHost, addresses);
    }
#endif
}
