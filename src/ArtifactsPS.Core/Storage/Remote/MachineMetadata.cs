using System.Net;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>
/// Asks what clouds tell a machine about itself, at an address that leads nowhere elsewhere. SDKs ask again and again there, for
/// a minute and more, before they say that there is nothing; so it is asked once first.
/// </summary>
public static class MachineMetadata
{
    // A machine of a cloud answers within milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // No proxy knows who this machine is.
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

    /// <summary>Asks once.</summary>
    /// <returns>What the answer's status was; null where there was none in time.</returns>
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
