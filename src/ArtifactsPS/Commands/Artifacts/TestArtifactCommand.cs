using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Restoring;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsDiagnostic.Test, "Artifact")]
[OutputType(typeof(ArtifactFinding))]
[OutputType(typeof(bool))]
public sealed class TestArtifactCommand : ArtifactCmdlet
{
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    [Parameter]
    public SwitchParameter Full { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AllowHost { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        var isIntact = true;
        var findings = Sink<VerificationFinding>(finding =>
        {
            isIntact = false;
            if (!Quiet)
                WriteObject(new ArtifactFinding(finding, version.Reference));
        });
        var progress = new TransferProgress();
        Await(Verification(version, findings, progress), $"Verifying {version.Reference}", progress);
        if (Quiet)
            WriteObject(isIntact);
    }

    private Func<CancellationToken, Task> Verification(
        PublishedVersion version,
        IResultSink<VerificationFinding> findings,
        TransferProgress progress
    )
    {
        References ??= ReferenceSources.OfUser(AllowHost, version.Store.Location, TimeLimit);
        var references = new ReferencedContent(References);
        if (Path is null)
            return StoredContentVerifier.Of(version, findings, progress, references, Full).VerifyAsync;
        var path = FileSystemPath.Resolve(SessionState.Path, Path);
        return Directory.Exists(path)
            ? new FolderVerifier(version.Manifest, path, findings, progress) { References = references }.VerifyAsync
            : throw new DirectoryNotFoundException($"The folder '{path}' does not exist.");
    }
}
