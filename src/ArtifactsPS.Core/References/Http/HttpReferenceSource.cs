using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using ArtifactsPS.Core.Storage.Remote;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References.Http;

/// <summary>Targets of <c>http</c> and <c>https</c>, read anonymously.</summary>
/// <param name="hosts">Hosts that may be read from, also after redirects.</param>
/// <param name="client">Sends each request once, and follows no redirects; null for the module's.</param>
internal sealed class HttpReferenceSource(HostRules hosts, HttpClient? client = null) : IReferenceSource
{
    private const int MaxRedirects = 10;
    private const HttpStatusCode PermanentRedirect = (HttpStatusCode)308;

    private readonly HttpClient _client = client ?? HttpConnections.Client;

    /// <inheritdoc/>
    public async Task<TargetProperties?> ProbeAsync(string uri, string? versionId, CancellationToken cancellationToken)
    {
        using (var head = await SendAsync(HttpMethod.Head, uri, null, cancellationToken).ConfigureAwait(false))
            if (head.IsSuccessStatusCode && PropertiesOf(head) is { Size: not null } properties)
                return properties;
        // Some servers refuse HEAD, or leave out the length.
        var range = new RangeHeaderValue(0, 0);
        using var answer = await SendAsync(HttpMethod.Get, uri, range, cancellationToken).ConfigureAwait(false);
        return answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
            && answer.Content.Headers.ContentRange?.Length == 0
                ? PropertiesOf(answer)
            : IsFound(answer) ? PropertiesOf(answer)
            : null;
    }

    /// <inheritdoc/>
    public async Task<TargetRead?> OpenAsync(
        string uri,
        string? versionId,
        long offset,
        CancellationToken cancellationToken
    )
    {
        var range = offset > 0 ? new RangeHeaderValue(offset, null) : null;
        var answer = await SendAsync(HttpMethod.Get, uri, range, cancellationToken).ConfigureAwait(false);
        try
        {
            if (!IsFound(answer))
            {
                answer.Dispose();
                return null;
            }
            var isRange = answer.StatusCode == HttpStatusCode.PartialContent;
            if (isRange && answer.Content.Headers.ContentRange?.From is null)
                throw new BucketException(BucketFailure.Refused, "the server does not report which bytes it sends.");
#if NET
            var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
            var stream = await answer.Content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
            return new TargetRead
            {
                Stream = stream,
                Properties = PropertiesOf(answer),
                Offset = isRange ? answer.Content.Headers.ContentRange!.From!.Value : 0,
            };
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<TargetPage?> ListAsync(string uri, TargetListing listing, CancellationToken cancellationToken) =>
        Task.FromResult<TargetPage?>(null);

    /// <inheritdoc/>
    public void Dispose()
    {
        // All sources share the client.
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string uri,
        RangeHeaderValue? range,
        CancellationToken cancellationToken
    )
    {
        var target = new Uri(uri);
        hosts.Check(target);
        for (var redirects = 0; ; redirects++)
        {
            var answer = await SendOnceAsync(method, target, range, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(answer.StatusCode) || answer.Headers.Location is not { } location)
                return answer;
            answer.Dispose();
            if (redirects == MaxRedirects)
                throw new BucketException(
                    BucketFailure.Refused,
                    $"the server redirects more than {MaxRedirects} times."
                );
            var next = new Uri(target, location);
            if (next.Scheme is not ("http" or "https"))
                throw new TargetDeniedException($"'{target.Host}' redirects to a URI of the scheme '{next.Scheme}'.");
            hosts.CheckRedirect(target, next);
            target = next;
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpMethod method,
        Uri uri,
        RangeHeaderValue? range,
        CancellationToken cancellationToken
    )
    {
        await HttpConnections.CheckAsync(uri).ConfigureAwait(false);
        using var request = new HttpRequestMessage(method, uri);
        request.Headers.Range = range;
        // Compressed content would have another length and ETag.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ArtifactsPS", "1"));
        try
        {
            return await _client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw Denied(e) ?? (Exception)BucketException.Unreached(e);
        }
    }

    private static TargetDeniedException? Denied(Exception e)
    {
        for (var inner = e.InnerException; inner is not null; inner = inner.InnerException)
            if (inner is TargetDeniedException denied)
                return denied;
        return null;
    }

    /// <returns>False if the target is missing.</returns>
    /// <exception cref="TargetDeniedException">The server refuses access.</exception>
    /// <exception cref="BucketException">The server did not answer the request.</exception>
    private static bool IsFound(HttpResponseMessage answer)
    {
        var status = string.Format(
            CultureInfo.InvariantCulture,
            "the server answered {0} ({1}).",
            (int)answer.StatusCode,
            answer.ReasonPhrase
        );
        return answer.IsSuccessStatusCode ? true
            : answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone ? false
            : answer.StatusCode
                is HttpStatusCode.Unauthorized
                    or HttpStatusCode.Forbidden
                    or HttpStatusCode.ProxyAuthenticationRequired
                ? throw new TargetDeniedException(
                    $"{status} Targets are read without credentials. To send some, register a handler with "
                        + "Register-ArtifactReferenceHandler."
                )
            : HttpStatus.IsTransient(answer.StatusCode) ? throw new BucketException(BucketFailure.Unanswered, status)
            : throw new BucketException(BucketFailure.Refused, status);
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status
            is HttpStatusCode.MovedPermanently
                or HttpStatusCode.Found
                or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect
                or PermanentRedirect;

    private static TargetProperties PropertiesOf(HttpResponseMessage answer)
    {
        var headers = answer.Content.Headers;
        var etag = ETagOf(answer);
        return new TargetProperties
        {
            Size = headers.ContentRange is { } range ? range.Length : headers.ContentLength,
            ETag = etag,
            LastModified = etag is null ? headers.LastModified?.ToUniversalTime() : null,
        };
    }

    // Some servers leave out the quotes, which .NET doesn't accept.
    private static string? ETagOf(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("ETag", out var values) || values.FirstOrDefault()?.Trim() is not { } text)
            return null;
        var isWeak = text.StartsWith("W/", StringComparison.Ordinal);
        var opaque = (isWeak ? text.Substring(2) : text).Trim('"');
        return opaque.Length == 0 || !TargetProperties.IsText(opaque) ? null
            : isWeak ? "W/" + opaque
            : opaque;
    }
}
