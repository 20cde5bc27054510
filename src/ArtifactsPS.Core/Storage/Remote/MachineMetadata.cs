using System.Net;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>
/// Checks for the metadata service of a cloud machine. Outside a cloud its address is unreachable, and SDKs retry for a minute or
/// more. One request beforehand avoids that.
/// </summary>
public static class MachineMetadata
{
    // The service of a cloud answers within milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // A proxy would answer for its own machine.
    private static readonly HttpClient Client = new(
        new HttpClientHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends one request.</summary>
    /// <returns>Status of the answer; null without an answer in time.</returns>
    public static async Task<HttpStatusCode?> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(Patience);
        try
        {
            using var answer = await Client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token)
                .ConfigureAwait(false);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
