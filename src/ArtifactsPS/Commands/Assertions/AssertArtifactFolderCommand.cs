using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Restoring;

namespace ArtifactsPS.Commands.Assertions;

[Cmdlet(VerbsLifecycle.Assert, "ArtifactFolder")]
[Alias("Should-BeArtifact")]
public sealed class AssertArtifactFolderCommand : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Expected { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string Actual { get; set; } = "";

    [Parameter]
    public string? Because { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var failed = Check();
        if (failed is not null)
            ThrowTerminatingError(failed);
    }

    private ErrorRecord? Check()
    {
        var version = Find(Expected);
        var path = FileSystemPath.Resolve(SessionState.Path, Actual);
        var expectation = $"Expected the folder '{Actual}' to be '{version.Reference}'";
        if (!Directory.Exists(path))
            return AssertionFailure.Create(expectation, Because, ["it does not exist"], Actual);
        var found = new List<string>();
        var findings = Sink<VerificationFinding>(finding => found.Add($"{finding.Kind} '{finding.Path}'"));
        var verifier = new FolderVerifier(version.Manifest, path, findings, new TransferProgress());
        Await(verifier.VerifyAsync);
        WriteResults();
        return found.Count == 0 ? null : AssertionFailure.Create(expectation, Because, found, Actual);
    }
}
