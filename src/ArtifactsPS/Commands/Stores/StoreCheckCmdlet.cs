using System.Management.Automation;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Commands.Stores;

/// <summary>A command that checks a store as a whole.</summary>
public abstract class StoreCheckCmdlet : WholeStoreCmdlet
{
    [Parameter]
    public SwitchParameter Full { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(Store, () => Process(Stores.OpenObjects(Stores.LocationOf(Store))));

    private protected abstract void Process(IObjectStore store);

    /// <summary>Checks a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="handOn">Given each problem as it is found.</param>
    /// <returns>What knows all that is in the store.</returns>
    /// <exception cref="StoreNotFoundException">There is no store.</exception>
    private protected StoreChecker Check(IObjectStore store, Action<StoreProblem> handOn)
    {
        var progress = new TransferProgress();
        var checker = new StoreChecker(store, progress);
        Await(
            token => checker.CheckAsync(Full, token),
            $"Checking the store {store.Location}",
            progress,
            () =>
            {
                while (checker.Problems.TryDequeue(out var problem))
                    handOn(problem);
            }
        );
        return checker;
    }
}
