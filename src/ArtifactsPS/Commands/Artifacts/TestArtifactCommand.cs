using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Attestations;
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
public sealed class TestArtifactCommand : SignedArtifactCmdlet
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
        if (NeedsSignature && FindSignatureFault(version) is { } fault)
        {
            isIntact = false;
            if (!Quiet)
                WriteObject(new ArtifactFinding(fault, version.Reference));
        }
        var progress = new TransferProgress();
        Await(Verification(version, findings, progress), $"Verifying {version.Reference}", progress);
        if (Quiet)
            WriteObject(isIntact);
    }

    private VerificationFinding? FindSignatureFault(PublishedVersion version)
    {
        var verifier = Verifier;
        var best = Await(token => verifier.VerifyAsync(version, token))[0];
        return best.IsValid
            ? null
            : new VerificationFinding(
                "",
                VerificationFindingKind.SignatureInvalid,
                Entry: null,
                $"{best.Status}: {best.Message}"
            );
    }

    private Func<CancellationToken, Task> Verification(
        PublishedVersion version,
        IResultSink<VerificationFinding> findings,
        TransferProgress progress
    )
    {
        var references = new ReferencedContent(OpenReferences(AllowHost, version.Store.Location, TimeLimit));
        if (Path is null)
            return async token =>
            {
                var verifier = await StoredContentVerifier
                    .OfAsync(version, findings, progress, token, references, Full)
                    .ConfigureAwait(false);
                await verifier.VerifyAsync(token).ConfigureAwait(false);
            };
        var path = FileSystemPath.Resolve(SessionState.Path, Path);
        return Directory.Exists(path)
            ? new FolderVerifier(version.Manifest, path, findings, progress) { References = references }.VerifyAsync
            : throw new DirectoryNotFoundException($"The folder '{path}' does not exist.");
    }
}
