namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Time limits of requests to a service.</summary>
public sealed class RequestLimits
{
    /// <summary>Name of the option of locations that sets <see cref="Retry"/>, in seconds.</summary>
    public const string RetryOption = "retrySeconds";

    /// <summary>Default of <see cref="Progress"/>.</summary>
    public static readonly TimeSpan DefaultProgress = TimeSpan.FromSeconds(30);

    /// <summary>Default of <see cref="Retry"/>.</summary>
    public static readonly TimeSpan DefaultRetry = TimeSpan.FromMinutes(2);

    /// <summary>Time without progress after which a request fails.</summary>
    public TimeSpan Progress { get; init; } = DefaultProgress;

    /// <summary>Time for which failed requests are sent again, for all requests together.</summary>
    public TimeSpan Retry { get; init; } = DefaultRetry;

    /// <summary>Time for which requests are sent again that reach no server: the connection is refused, or the host is unknown. Null for
    /// <see cref="Retry"/>.</summary>
    public TimeSpan? RetryUnreached { get; init; }

    /// <summary>Time for which a failed request is sent again.</summary>
    internal TimeSpan RetryAfter(BucketException failure) =>
        failure.IsUnreached && RetryUnreached is { } limit && limit < Retry ? limit : Retry;

    internal TimeProvider Time { get; init; } = TimeProvider.System;
}
