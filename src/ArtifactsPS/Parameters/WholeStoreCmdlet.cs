using System.Management.Automation;
using ArtifactsPS.Completion;

namespace ArtifactsPS;

/// <summary>A command that is about all that is in a store.</summary>
public abstract class WholeStoreCmdlet : StoreInfoCmdlet
{
    /// <summary>A registered store's name, or a location: a path, or a URI. Left out: the registered default, else
    /// <c>$env:ARTIFACTS_STORE</c>, else a folder of the user's.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Location")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public string? Store { get; set; }
}
