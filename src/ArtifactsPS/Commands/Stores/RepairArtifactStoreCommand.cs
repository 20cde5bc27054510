using System.Management.Automation;
using ArtifactsPS.Commands.Runs;
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
