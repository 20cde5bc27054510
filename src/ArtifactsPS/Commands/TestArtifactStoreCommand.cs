using System.Management.Automation;
using ArtifactsPS.Completion;
using ArtifactsPS.Content;
using ArtifactsPS.Maintenance;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Commands;

/// <summary>
/// Checks a store: every transaction, every manifest page, and that every object is there whole that a version or an open
/// contribution needs. Writes what is wrong, which versions and files it touches, and what to do; nothing if all is right.
/// </summary>
/// <example>
/// <code>Test-ArtifactStore</code>
/// Checks the default store without reading the content of files. Nothing is written if it is sound.
/// </example>
/// <example>
/// <code>
/// Test-ArtifactStore ./store -Full | Format-List
/// </code>
/// Reads all bytes of a store, and shows in full what is wrong.
/// </example>
/// <example>
/// <code>
/// if (-not (Test-ArtifactStore -Full -Quiet)) { throw 'The store is damaged.' }
/// </code>
/// Stops a script if anything is wrong.
/// </example>
/// <example>
/// <code>
/// Test-ArtifactStore -Full -Repair
/// New-Artifact mnist dataset | Add-ArtifactDirectory ./data | Publish-Artifact
/// </code>
/// Moves damaged objects aside, and stores anew what was in them: the versions that have the same files find them again.
/// </example>
/// <seealso cref="TestArtifactCommand"/>
/// <seealso cref="GetArtifactStoreCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "ArtifactStore", SupportsShouldProcess = true)]
[OutputType(typeof(StoreProblem))]
[OutputType(typeof(bool))]
public sealed class TestArtifactStoreCommand : StoreInfoCmdlet
{
    /// <summary>A registered store's name, or a location: a path, or a URI. Left out: the registered default, else
    /// <c>$env:ARTIFACTS_STORE</c>, else a folder of the user's.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Location")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public string? Store { get; set; }

    /// <summary>Reads all bytes of all objects, too.</summary>
    [Parameter]
    public SwitchParameter Full { get; set; }

    /// <summary>Moves damaged objects aside, so that what was in them is stored again when the files are added again and
    /// published; what is whole of them stays where versions find it. Deletes damaged checkpoints, which are derived, and
    /// writes the store's record anew if need be.</summary>
    [Parameter]
    public SwitchParameter Repair { get; set; }

    /// <summary>Writes only whether all is right.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Store, Check);

    private void Check()
    {
        var location = Stores.LocationOf(Store);
        var store = StoreLocation.Open(location);
        var progress = new TransferProgress();
        var checker = new StoreChecker(store, progress);
        var repairable = new List<StoreProblem>();
        var isRight = true;
        Await(
            token => checker.CheckAsync(Full, token),
            $"Checking the store {location}",
            progress,
            () =>
            {
                while (checker.Problems.TryDequeue(out var problem))
                {
                    isRight = false;
                    if (StoreRepairer.CanRepair(problem))
                        repairable.Add(problem);
                    if (!Quiet)
                        WriteObject(problem);
                }
            }
        );
        WriteVerbose(
            $"{checker.UnneededObjects} objects, {ByteSize.Format(checker.UnneededBytes)}, are needed by nothing."
        );
        if (Quiet)
            WriteObject(isRight);
        if (Repair)
            RepairAll(store, checker, repairable);
    }

    private void RepairAll(IObjectStore store, StoreChecker checker, List<StoreProblem> problems)
    {
        problems.RemoveAll(problem => !ShouldProcess($"{problem.Key} in {store.Location}", $"Repair ({problem.Kind})"));
        if (problems.Count == 0)
            return;
        var run = CurrentRun.Id;
        var stay = Await(token => new StoreRepairer(store, checker).RepairAsync(problems, run, token));
        foreach (var key in stay)
            WriteWarning(
                $"'{key}' stays where it is: contributions to a version that isn't completed need what is whole of it. "
                    + "Complete or remove what Get-DistributedArtifact lists, then run the command again."
            );
        foreach (var problem in problems.Where(problem => !stay.Contains(problem.Key, StringComparer.Ordinal)))
            WriteVerbose($"Repaired '{problem.Key}' ({problem.Kind}).");
    }
}
