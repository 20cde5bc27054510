using System.Net.Sockets;
using System.Security.Authentication;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Outcome of a failed request.</summary>
public enum BucketFailure
{
    /// <summary>The request was refused, and would be refused again.</summary>
    Refused,

    /// <summary>No conclusive answer arrived, so the request may have been carried out. It can be sent again.</summary>
    Unanswered,

    /// <summary>The name of the host has no address. It may be mistyped, unless the host has answered before.</summary>
    HostUnknown,

    /// <summary>The service is full. The request was not carried out.</summary>
    Full,
}

/// <summary>A request to a service failed.</summary>
/// <param name="what">Reason and advice, with a full stop. It has no secrets.</param>
/// <param name="inner">An exception without secrets, such as one of the operating system; null otherwise.</param>
public sealed class BucketException(BucketFailure failure, string what, Exception? inner = null)
    : Exception(what, inner)
{
    public BucketFailure Failure { get; } = failure;

    /// <summary>Whether the request reached no server.</summary>
    internal bool IsUnreached =>
        InnerException
            is SocketException
            {
                SocketErrorCode: SocketError.ConnectionRefused
                    or SocketError.HostNotFound
                    or SocketError.NoData
                    or SocketError.TryAgain
                    or SocketError.HostUnreachable
                    or SocketError.HostDown
                    or SocketError.NetworkUnreachable
                    or SocketError.NetworkDown
            };

    /// <summary>Creates the failure of a request without an answer. The SDK's own message is left out, because it may quote the
    /// request.</summary>
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
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }:
                    return new BucketException(
                        BucketFailure.HostUnknown,
                        $"the service's host isn't known: {e.Message}. Check the location, and the network of this machine.",
                        e
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
