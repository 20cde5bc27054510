namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>What all buckets send their requests with.</summary>
public static class BucketHttp
{
    /// <summary>Sends a request once. Without a time limit, which is <see cref="BucketObjectStore"/>'s business.</summary>
    public static HttpClient Client { get; } = new(new SentOnceHandler()) { Timeout = Timeout.InfiniteTimeSpan };

    // Where a connection that was used before breaks, .NET sends a request without content again by itself, and nobody is
    // told: a deletion could hit what another has made since. With content, be it empty, it doesn't.
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
            // A server that refuses what wasn't sent yet doesn't read it any more, as Ceph's; .NET sends it all the same if it is
            // short, and the connection's next request begins with it. To ask first is worth it for more only.
            if (request.Content?.Headers.ContentLength <= SmallSize)
                request.Headers.ExpectContinue = false;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
