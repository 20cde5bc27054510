using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;

namespace ArtifactsPS.Commands.Artifacts;

/// <summary>A command on published versions.</summary>
public abstract class ArtifactCmdlet : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    /// <summary>What the command does for one version; failures of it are non-terminating errors.</summary>
    private protected abstract void Process(PublishedVersion version);

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Name.Item, () => Process(Find(Name)));
}
