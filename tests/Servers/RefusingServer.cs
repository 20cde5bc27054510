using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace ArtifactsPS.Tests.Servers;

/// <summary>Refuses whatever it is asked, in the words of S3 and of Azure at once.</summary>
/// <param name="status">The status.</param>
/// <param name="code">The service's own name for the error.</param>
/// <param name="headers">What else it says in the head.</param>
internal sealed class RefusingServer(int status, string code, params (string Name, string Value)[] headers)
    : LocalServer
{
    /// <summary>What its message quotes, which is nobody's business.</summary>
    public const string Secret = "hush-hush-StringToSign";

    private readonly ConcurrentQueue<string> _asked = new();

    /// <summary>What it was asked: methods and paths.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    protected override async Task AnswerAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        _asked.Enqueue($"{request.HttpMethod} {request.RawUrl}");
        await request.InputStream.CopyToAsync(Stream.Null);
        response.StatusCode = status;
        response.ContentType = "application/xml";
        response.Headers["x-ms-error-code"] = code;
        foreach (var (name, value) in headers)
            response.Headers[name] = value;
        if (request.HttpMethod != "HEAD")
            await response.OutputStream.WriteAsync(
                Encoding.UTF8.GetBytes(
                    $"""
                    <?xml version="1.0" encoding="UTF-8"?>
                    <Error><Code>{code}</Code><Message>It is not {Secret}</Message><RequestId>r1</RequestId></Error>
                    """
                )
            );
    }
}
