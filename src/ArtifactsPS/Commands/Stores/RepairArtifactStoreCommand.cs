using System.Management.Automation;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Maintenance.Repair;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Commands.Stores;

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
        var progress = new TransferProgress();
        var repairer = new StoreRepairer(store, checker, progress);
        var stay = Await(
            token => repairer.RepairAsync(problems, run, token),
            $"Repairing the store {store.Location}",
            progress
        );
        var isCompleted = problems.Exists(problem => problem.Kind == StoreProblemKind.OlderTransactionNeeded);
        foreach (var problem in problems)
            if (problem.Kind != StoreProblemKind.OlderTransactionNeeded && isCompleted)
                WriteWarning(
                    $"'{problem.Key}' was not repaired, because a log was completed first. Run the command again."
                );
            else if (stay.Contains(problem.Key, StringComparer.Ordinal))
                WriteWarning(
                    $"'{problem.Key}' stays where it is: contributions to a version that isn't completed need what is "
                        + "whole of it. Complete or remove what Get-DistributedArtifact lists, then run the command again."
                );
            else
                WriteObject(problem);
    }
}
