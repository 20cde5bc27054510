using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace ArtifactsPS.Tests.Servers;

/// <summary>S3 server that ignores conditions or metadata, as several real servers do.</summary>
internal sealed class IncompleteS3Server : LocalServer
{
    private const string Writer = "x-amz-meta-writer";

    private readonly ConcurrentDictionary<string, (byte[] Value, string? Writer)> _values = new(StringComparer.Ordinal);

    /// <summary>Whether If-None-Match is ignored.</summary>
    public bool Overwrites { get; init; }

    /// <summary>Whether metadata is dropped.</summary>
    public bool ForgetsMetadata { get; init; }

    /// <summary>Whether requests with If-None-Match are refused.</summary>
    public bool RefusesConditions { get; init; }

    public IEnumerable<string> Keys => _values.Keys;

    protected override async Task AnswerAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        var key = request.Url!.AbsolutePath;
        response.StatusCode = request.HttpMethod switch
        {
            "PUT" => await PutAsync(request, key),
            "HEAD" => Head(response, key),
            "DELETE" => Delete(key),
            _ => 501,
        };
        response.Headers["ETag"] = "\"tag\"";
    }

    private async Task<int> PutAsync(HttpListenerRequest request, string key)
    {
        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        var isConditional = request.Headers["If-None-Match"] == "*";
        if (isConditional && RefusesConditions)
            return 501;
        if (isConditional && !Overwrites && _values.ContainsKey(key))
            return 412;
        _values[key] = (body.ToArray(), ForgetsMetadata ? null : request.Headers[Writer]);
        return 200;
    }

    private int Head(HttpListenerResponse response, string key)
    {
        if (!_values.TryGetValue(key, out var found))
            return 404;
        response.Headers["Last-Modified"] = DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        if (found.Writer is not null)
            response.Headers[Writer] = found.Writer;
        response.ContentLength64 = found.Value.Length;
        return 200;
    }

    private int Delete(string key)
    {
        _values.TryRemove(key, out _);
        return 204;
    }
}
