using System.Management.Automation;
using ArtifactsPS.Completion;

namespace ArtifactsPS.Commands.Stores;

/// <summary>Base of cmdlets that work on a whole store.</summary>
public abstract class WholeStoreCmdlet : StoreInfoCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Location")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public string? Store { get; set; }
}
