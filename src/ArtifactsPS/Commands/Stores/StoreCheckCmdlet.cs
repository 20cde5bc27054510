using System.Management.Automation;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Commands.Stores;

/// <summary>Base of cmdlets that check a whole store.</summary>
public abstract class StoreCheckCmdlet : WholeStoreCmdlet
{
    [Parameter]
    public SwitchParameter Full { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            Store,
            () =>
            {
                ProvideCredential(Store);
                Process(Stores.OpenObjects(Stores.LocationOf(Store)));
            }
        );

    private protected abstract void Process(IObjectStore store);

    /// <summary>Checks a store.</summary>
    /// <param name="onProblem">Called on the pipeline thread for each problem that is found.</param>
    /// <returns>The checker, after reading the store.</returns>
    /// <exception cref="StoreNotFoundException">There is no store.</exception>
    private protected StoreChecker Check(IObjectStore store, Action<StoreProblem> onProblem)
    {
        var progress = new TransferProgress();
        var checker = new StoreChecker(store, Sink(onProblem), progress);
        Await(token => checker.CheckAsync(Full, token), $"Checking the store {store.Location}", progress);
        return checker;
    }
}
