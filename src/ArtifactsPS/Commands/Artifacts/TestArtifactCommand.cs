using System.Collections.Concurrent;
using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Manifests;
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

    private protected override void Process(PublishedVersion version)
    {
        var progress = new TransferProgress();
        var (findings, verify) = Verifier(version, progress);
        var isIntact = true;
        Await(
            verify,
            $"Verifying {version.Reference}",
            progress,
            () =>
            {
                while (findings.TryDequeue(out var finding))
                {
                    isIntact = false;
                    if (!Quiet)
                        WriteObject(new ArtifactFinding(finding, version.Reference));
                }
            }
        );
        if (Quiet)
            WriteObject(isIntact);
    }

    private (ConcurrentQueue<VerificationFinding> Findings, Func<CancellationToken, Task> Verify) Verifier(
        PublishedVersion version,
        TransferProgress progress
    )
    {
        if (Path is null)
        {
            var stored = StoredContentVerifier.Of(version, progress);
            return (stored.Findings, stored.VerifyAsync);
        }
        var path = FileSystemPath.Resolve(SessionState.Path, Path);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"The folder '{path}' does not exist.");
        var folder = new FolderVerifier(version.Manifest, path, progress);
        return (folder.Findings, folder.VerifyAsync);
    }
}
