using System.Management.Automation;
using ArtifactsPS.Maintenance;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Commands;

/// <summary>
/// Checks a store, and makes room for what is lost to be stored anew: moves damaged objects aside, after what is whole of
/// them was stored elsewhere, where versions find it. When the files are added again and published, all versions of the
/// artifact that have them are whole again. Deletes damaged checkpoints, which are derived, and writes the store's record
/// anew if need be. Writes the problems that it saw to.
/// </summary>
/// <example>
/// <code>
/// Repair-ArtifactStore -Full
/// New-Artifact mnist dataset | Add-ArtifactDirectory ./data | Publish-Artifact
/// </code>
/// Moves damaged objects aside, and stores anew what was in them.
/// </example>
/// <example>
/// <code>Repair-ArtifactStore ./store -WhatIf</code>
/// Shows what would be done about what is wrong with a store.
/// </example>
/// <seealso cref="TestArtifactStoreCommand"/>
/// <seealso cref="PublishArtifactCommand"/>
[Cmdlet(VerbsDiagnostic.Repair, "ArtifactStore", SupportsShouldProcess = true)]
[OutputType(typeof(StoreProblem))]
public sealed class RepairArtifactStoreCommand : StoreCheckCmdlet
{
    private protected override void Process(IObjectStore store)
    {
        var problems = new List<StoreProblem>();
        var checker = Check(
            store,
            problem =>
            {
                if (StoreRepairer.CanRepair(problem))
                    problems.Add(problem);
                else
                    WriteWarning($"{problem.Message} {problem.Remedy}");
            }
        );
        problems.RemoveAll(problem => !ShouldProcess($"{problem.Key} in {store.Location}", $"Repair ({problem.Kind})"));
        if (problems.Count == 0)
            return;
        var run = CurrentRun.Id;
        var stay = Await(token => new StoreRepairer(store, checker).RepairAsync(problems, run, token));
        foreach (var problem in problems)
            if (stay.Contains(problem.Key, StringComparer.Ordinal))
                WriteWarning(
                    $"'{problem.Key}' stays where it is: contributions to a version that isn't completed need what is "
                        + "whole of it. Complete or remove what Get-DistributedArtifact lists, then run the command again."
                );
            else
                WriteObject(problem);
    }
}
