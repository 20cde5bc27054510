namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>HTTP client of all buckets.</summary>
public static class BucketHttp
{
    /// <summary>Sends each request once. <see cref="BucketObjectStore"/> applies the time limit.</summary>
    public static HttpClient Client { get; } = new(new SentOnceHandler()) { Timeout = Timeout.InfiniteTimeSpan };

    // When a reused connection breaks, .NET silently sends a request without content again. A repeated deletion could delete a
    // key that another writer has created since. With content, even empty, .NET doesn't.
    private sealed class SentOnceHandler()
        : DelegatingHandler(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        private const int SmallSize = 64 << 10;

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (request.Method == HttpMethod.Delete)
                request.Content ??= new ByteArrayContent([]);
            // A server such as Ceph's that refuses a request doesn't read its content. .NET sends short content all the same, and the
            // server takes it for the next request. Waiting for "100 Continue" is worthwhile only for longer content.
            if (request.Content?.Headers.ContentLength <= SmallSize)
                request.Headers.ExpectContinue = false;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
