using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Commands;

/// <summary>Base of cmdlets that access a store.</summary>
public abstract class StoreClientCmdlet : AsyncPSCmdlet
{
    private StoreResolver? _stores;

    [Parameter]
    [ValidateRange(1, 86_400)]
    public int TimeoutSeconds { get; set; } = (int)RequestLimits.DefaultProgress.TotalSeconds;

    private protected StoreResolver Stores => _stores ??= new StoreResolver(SessionState.Path, TimeLimit, RetryLimit);

    /// <summary>Time for which unanswered requests are sent again; null for the store's option.</summary>
    private protected virtual TimeSpan? RetryLimit => null;

    private protected TimeSpan TimeLimit => TimeSpan.FromSeconds(TimeoutSeconds);
}
