using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Binding;

/// <summary>Reason why a script block failed.</summary>
internal readonly record struct ScriptFailure
{
    /// <summary>Whether the target is missing.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>Whether the user may not read the target.</summary>
    public bool IsDenied { get; private init; }

    /// <summary>Whether another call may succeed: a connection, a device or a server failed, or did not answer in time.</summary>
    public bool IsTransient { get; private init; }

    /// <summary>Error of the network that is the cause; null for none.</summary>
    public SocketException? Network { get; private init; }

    /// <summary>Message of the error, with a full stop.</summary>
    public string Message { get; private init; }

    /// <summary>Describes an exception that a script block threw.</summary>
    public static ScriptFailure Of(Exception exception)
    {
        var causes = CausesOf(exception).ToList();
        var statuses = causes.Select(StatusOf).OfType<HttpStatusCode>().ToList();
        return new ScriptFailure
        {
            IsMissing =
                causes.Exists(cause =>
                    cause is ItemNotFoundException or FileNotFoundException or DirectoryNotFoundException
                ) || statuses.Exists(status => status is HttpStatusCode.NotFound or HttpStatusCode.Gone),
            IsDenied =
                causes.Exists(cause => cause is UnauthorizedAccessException)
                || statuses.Exists(status => status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden),
            IsTransient =
                statuses.Count > 0
                    ? statuses.TrueForAll(HttpStatus.IsTransient)
                    : causes.Exists(IsTransientCause) && !causes.Exists(cause => cause is AuthenticationException),
            Network = causes.OfType<SocketException>().FirstOrDefault(),
            Message = Sentence(exception.Message),
        };
    }

    // A cancellation is the time limit of a client. A stopped pipeline is none of these.
    private static bool IsTransientCause(Exception cause) =>
        cause
            is TimeoutException
                or OperationCanceledException
                or HttpRequestException
                or WebException
                or SocketException
        || cause
            is IOException
                and not (
                    FileNotFoundException
                    or DirectoryNotFoundException
                    or System.IO.DriveNotFoundException
                    or PathTooLongException
                    or FileLoadException
                );

    // An error that stops a script block is wrapped; its record has the original.
    private static IEnumerable<Exception> CausesOf(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
            if (cause is IContainsErrorRecord { ErrorRecord.Exception: { } recorded } && recorded != cause)
                yield return recorded;
        }
    }

    // Exceptions of Invoke-WebRequest have different types in the two editions of PowerShell.
    private static HttpStatusCode? StatusOf(Exception exception) =>
        PSObject.AsPSObject(exception).Properties["Response"]?.Value is { } response
        && PSObject.AsPSObject(response).Properties["StatusCode"]?.Value is { } status
        && LanguagePrimitives.TryConvertTo<HttpStatusCode>(status, CultureInfo.InvariantCulture, out var code)
            ? code
            : null;

    private static string Sentence(string message) => message.TrimEnd().TrimEnd('.') + ".";
}
