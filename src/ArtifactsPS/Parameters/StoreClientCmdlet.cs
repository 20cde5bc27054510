using System.Management.Automation;

namespace ArtifactsPS;

/// <summary>A command that reaches for a store.</summary>
public abstract class StoreClientCmdlet : AsyncPSCmdlet
{
    private StoreResolver? _stores;

    /// <summary>For so many seconds a store on a service (S3, Azure Blob) may leave a request without any progress before the
    /// request counts as failed, and is tried again where that is safe; 30 if left out. A store in a folder waits as long as the
    /// file system does.</summary>
    [Parameter]
    [ValidateRange(1, 86_400)]
    public int TimeoutSeconds { get; set; }

    private protected StoreResolver Stores => _stores ??= new StoreResolver(SessionState.Path, TimeLimit);

    private TimeSpan? TimeLimit => TimeoutSeconds > 0 ? TimeSpan.FromSeconds(TimeoutSeconds) : null;
}
