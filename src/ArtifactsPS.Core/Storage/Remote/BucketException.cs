using System.Net.Sockets;
using System.Security.Authentication;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>What a failed call says about what happened.</summary>
public enum BucketFailure
{
    /// <summary>Nothing happened, and nothing would if it were tried again.</summary>
    Refused,

    /// <summary>It may have happened or not: no answer came, or none that says so. To be tried again.</summary>
    Unanswered,

    /// <summary>Nothing happened, since the service has no room.</summary>
    Full,
}

/// <summary>A call of a service failed.</summary>
/// <param name="failure">What that says about what happened.</param>
/// <param name="what">What failed and what to do, with a full stop; never a secret.</param>
/// <param name="inner">Only what holds no secret: what the operating system said.</param>
public sealed class BucketException(BucketFailure failure, string what, Exception? inner = null)
    : Exception(what, inner)
{
    public BucketFailure Failure { get; } = failure;

    /// <summary>What it means that a call ended in something that isn't an answer. What an SDK says itself is not repeated: it may
    /// quote what was sent.</summary>
    public static BucketException Unreached(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
            switch (e)
            {
                case AuthenticationException:
                    return new BucketException(
                        BucketFailure.Refused,
                        $"the connection isn't secure: {e.Message} This machine must trust the server's certificate."
                    );
                case SocketException:
                    return new BucketException(
                        BucketFailure.Unanswered,
                        $"the service can't be reached: {e.Message}.",
                        e
                    );
                case IOException:
                    return new BucketException(BucketFailure.Unanswered, $"the connection broke: {e.Message}", e);
            }
        return new BucketException(
            BucketFailure.Unanswered,
            $"the service gave no answer that can be understood ({exception.GetType().Name})."
        );
    }
}
