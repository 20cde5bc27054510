using System.Net;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Meaning of HTTP statuses for requests that can be sent again.</summary>
public static class HttpStatus
{
    private const HttpStatusCode TooManyRequests = (HttpStatusCode)429;

    /// <summary>Whether the same request may succeed later.</summary>
    public static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or TooManyRequests or >= HttpStatusCode.InternalServerError;
}
