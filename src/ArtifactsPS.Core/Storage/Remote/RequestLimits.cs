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

    internal TimeProvider Time { get; init; } = TimeProvider.System;
}
