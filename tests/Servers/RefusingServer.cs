using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace ArtifactsPS.Tests.Servers;

/// <summary>Refuses every request with errors in the formats of both S3 and Azure.</summary>
/// <param name="code">Error code of the service.</param>
/// <param name="headers">More headers of the answers.</param>
internal sealed class RefusingServer(int status, string code, params (string Name, string Value)[] headers)
    : LocalServer
{
    /// <summary>Secret that the error message quotes.</summary>
    public const string Secret = "hush-hush-StringToSign";

    private readonly ConcurrentQueue<string> _requests = new();

    /// <summary>Methods and paths of the requests.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    protected override async Task AnswerAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        _requests.Enqueue($"{request.HttpMethod} {request.RawUrl}");
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
