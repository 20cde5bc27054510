using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ArtifactsPS.Tests.Servers;

/// <summary>Request or answer as it is sent. A chunked body stays chunked.</summary>
internal sealed record HttpMessage(string FirstLine, byte[] Head, byte[] Body)
{
    /// <summary>Method of a request.</summary>
    public string Method => FirstLine.Split(' ')[0];
}

/// <summary>One end of an HTTP connection.</summary>
internal sealed class HttpPeer(NetworkStream stream)
{
    private readonly BufferedStream _input = new(stream, 64 << 10);

    /// <summary>Reads a message; null at the end of the connection.</summary>
    /// <param name="isAnswerTo">Method of the request, to read its answer; null to read a request.</param>
    public async Task<HttpMessage?> ReadAsync(string? isAnswerTo, CancellationToken cancellationToken)
    {
        var first = await ReadLineAsync(cancellationToken);
        if (first.Length == 0)
            return null;
        var head = new StringBuilder(first).Append("\r\n");
        long length = 0;
        var inChunks = false;
        string line;
        while ((line = await ReadLineAsync(cancellationToken)).Length > 0)
        {
            var (name, value) = (line.Split(':')[0], line[(line.IndexOf(':') + 1)..].Trim());
            if (Is(name, "Content-Length"))
                length = long.Parse(value, CultureInfo.InvariantCulture);
            if (Is(name, "Transfer-Encoding"))
                inChunks = Is(value, "chunked");
            if (Is(name, "Expect"))
                // The proxy forwards complete requests only.
                await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellationToken);
            else
                head.Append(line).Append("\r\n");
        }
        var hasBody = isAnswerTo != "HEAD" && first.Split(' ')[1] is not ("204" or "304");
        var body =
            !hasBody ? []
            : inChunks ? await ReadChunksAsync(cancellationToken)
            : await ReadBytesAsync(length, cancellationToken);
        return new HttpMessage(first, Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), body);
    }

    public async Task WriteAsync(
        ReadOnlyMemory<byte> head,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        await stream.WriteAsync(head, cancellationToken);
        await stream.WriteAsync(body, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private async Task<byte[]> ReadBytesAsync(long length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        await _input.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private async Task<byte[]> ReadChunksAsync(CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var size = await ReadLineAsync(cancellationToken);
            body.Write(Encoding.Latin1.GetBytes(size + "\r\n"));
            var length = long.Parse(size.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Write(await ReadBytesAsync(length + 2, cancellationToken));
            if (length == 0)
                return body.ToArray();
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await _input.ReadAsync(one, cancellationToken) == 1 && one[0] != '\n')
            line.Add(one[0]);
        return Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
    }
}
