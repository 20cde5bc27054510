namespace ArtifactsPS.Core.Storage;

/// <summary>A store that sends unanswered requests again for a time.</summary>
public interface IRetryingStore
{
    /// <summary>Current wait for the service; null while it answers.</summary>
    StoreWait? Wait { get; }

    /// <summary>Allows the full time for retries again. Called when a command begins.</summary>
    void RestartRetries();
}

/// <summary>A wait for a service that doesn't answer.</summary>
/// <param name="Location">Location of the store.</param>
/// <param name="Reason">Last failure, with a full stop.</param>
/// <param name="Elapsed">Time since the first failure.</param>
/// <param name="Left">Time until the command gives up.</param>
public sealed record StoreWait(string Location, string Reason, TimeSpan Elapsed, TimeSpan Left);
