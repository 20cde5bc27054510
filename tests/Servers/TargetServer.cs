using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace ArtifactsPS.Tests.Servers;

/// <summary>HTTP server with one file, which may answer in unusual ways.</summary>
internal sealed class TargetServer : LocalServer
{
    private readonly ConcurrentQueue<string> _requests = new();

    /// <summary>Content of all paths that begin with <c>/file</c>.</summary>
    public byte[] Content { get; set; } = [];

    /// <summary>Header as sent; null for none.</summary>
    public string? ETag { get; set; } = "\"e1\"";

    public DateTimeOffset? LastModified { get; set; }

    public bool AllowsHead { get; set; } = true;

    public bool SendsRanges { get; set; } = true;

    /// <summary>Number of bytes after which the connection breaks; null for never.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>Status of all answers; 200 for normal ones.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Target of a redirect from <c>/redirect</c>.</summary>
    public string Location { get; set; } = "/file";

    /// <summary>Called before each answer.</summary>
    public Action? BeforeAnswer { get; set; }

    /// <summary>Methods, paths and ranges of the requests.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    protected override async Task AnswerAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        var range = request.Headers["Range"];
        _requests.Enqueue($"{request.HttpMethod} {request.RawUrl} {range}".TrimEnd());
        BeforeAnswer?.Invoke();
        var path = request.Url!.AbsolutePath;
        if (path.StartsWith("/redirect", StringComparison.Ordinal))
        {
            response.StatusCode = 302;
            response.Headers["Location"] = Location;
        }
        else if (Status != 200 || !path.StartsWith("/file", StringComparison.Ordinal))
            response.StatusCode = Status == 200 ? 404 : Status;
        else if (request.HttpMethod == "HEAD" && !AllowsHead)
            response.StatusCode = 405;
        else
            await SendAsync(request, response, SendsRanges ? range : null);
    }

    private async Task SendAsync(HttpListenerRequest request, HttpListenerResponse response, string? range)
    {
        if (ETag is not null)
            response.Headers["ETag"] = ETag;
        if (LastModified is { } time)
            response.Headers["Last-Modified"] = time.ToString("R", CultureInfo.InvariantCulture);
        var (start, end) = (0, Content.Length);
        if (range is not null)
        {
            var parts = range["bytes=".Length..].Split('-');
            start = int.Parse(parts[0], CultureInfo.InvariantCulture);
            if (start >= Content.Length)
            {
                response.StatusCode = 416;
                response.Headers["Content-Range"] = $"bytes */{Content.Length}";
                return;
            }
            if (parts[1].Length > 0)
                end = Math.Min(end, int.Parse(parts[1], CultureInfo.InvariantCulture) + 1);
            response.StatusCode = 206;
            response.Headers["Content-Range"] = $"bytes {start}-{end - 1}/{Content.Length}";
        }
        response.ContentLength64 = end - start;
        if (request.HttpMethod == "HEAD")
            return;
        if (BreaksAfter is { } bytes && bytes < end - start)
        {
            await response.OutputStream.WriteAsync(Content.AsMemory(start, bytes));
            await response.OutputStream.FlushAsync();
            response.Abort();
        }
        else
            await response.OutputStream.WriteAsync(Content.AsMemory(start, end - start));
    }
}
