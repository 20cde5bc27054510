using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Completion;

namespace ArtifactsPS;

/// <summary>A command on published versions.</summary>
public abstract class ArtifactCmdlet : StoreCmdlet
{
    /// <summary>A name (<c>mnist</c>), a version (<c>mnist:v3</c>), an alias (<c>mnist:prod</c>), a digest
    /// (<c>mnist@sha256:…</c>), or a version object.</summary>
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
