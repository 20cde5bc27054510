using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands.Artifacts;

/// <summary>Base of cmdlets that work on published versions.</summary>
public abstract class ArtifactCmdlet : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    /// <summary>Processes one version. Failures become non-terminating errors.</summary>
    private protected abstract void Process(PublishedVersion version);

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Name.Item, () => Process(Find(Name)));
}
