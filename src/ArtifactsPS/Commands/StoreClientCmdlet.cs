using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Commands;

/// <summary>Base of cmdlets that access a store.</summary>
public abstract class StoreClientCmdlet : AsyncPSCmdlet
{
    private StoreResolver? _stores;

    [Parameter]
    [ValidateRange(1, 86_400)]
    public int TimeoutSeconds { get; set; } = (int)RequestLimits.DefaultProgress.TotalSeconds;

    /// <summary>Opens a store. A registered credential is read from its vault.</summary>
    /// <param name="nameOrLocation">Null for the default.</param>
    private protected VersionStore OpenStore(string? nameOrLocation)
    {
        ProvideCredential(nameOrLocation);
        return Await(token => Stores.OpenAsync(nameOrLocation, token));
    }

    /// <summary>Reads the registered credential of a store from its vault, unless the session has one.</summary>
    private protected void ProvideCredential(string? nameOrLocation) =>
        CredentialSecret.Provide(Stores, nameOrLocation, InvokeCommand);

    private protected StoreResolver Stores => _stores ??= new StoreResolver(SessionState.Path, TimeLimit, RetryLimit);

    /// <summary>Time for which unanswered requests are sent again; null for the store's option.</summary>
    private protected virtual TimeSpan? RetryLimit => null;

    private protected TimeSpan TimeLimit => TimeSpan.FromSeconds(TimeoutSeconds);
}
