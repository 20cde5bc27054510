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
    public int TimeoutSeconds { get; set; } = (int)BucketObjectStore.DefaultTimeLimit.TotalSeconds;

    private protected StoreResolver Stores => _stores ??= new StoreResolver(SessionState.Path, TimeLimit);

    private TimeSpan TimeLimit => TimeSpan.FromSeconds(TimeoutSeconds);
}
