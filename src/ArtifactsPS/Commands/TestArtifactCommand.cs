using System.Collections.Concurrent;
using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Content;
using ArtifactsPS.Folders;

namespace ArtifactsPS.Commands;

/// <summary>
/// Checks a version's content in its store, or a folder against a version, reading all bytes. Writes what is wrong;
/// nothing if all is right.
/// </summary>
/// <example>
/// <code>Test-Artifact mnist:prod</code>
/// Reads all of a version in its store. Nothing is written if it is sound.
/// </example>
/// <example>
/// <code>
/// Save-Artifact mnist ./restored
/// Test-Artifact mnist ./restored
/// </code>
/// Holds a folder against a version.
/// </example>
/// <example>
/// <code>
/// if (-not (Test-Artifact app ./release -Quiet)) { throw 'The release was changed after it was published.' }
/// </code>
/// Stops a script if any file is missing, changed or extra.
/// </example>
/// <seealso cref="SaveArtifactCommand"/>
/// <seealso cref="CompareArtifactCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "Artifact")]
[OutputType(typeof(ArtifactFinding))]
[OutputType(typeof(bool))]
public sealed class TestArtifactCommand : ArtifactCmdlet
{
    /// <summary>A folder to hold against the version; what is in the store is read if left out.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Writes only whether all is right.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        var progress = new TransferProgress();
        var (findings, verify) = Verifier(version, progress);
        var isRight = true;
        Await(
            verify,
            $"Verifying {version.Reference}",
            progress,
            () =>
            {
                while (findings.TryDequeue(out var finding))
                {
                    isRight = false;
                    if (!Quiet)
                        WriteObject(new ArtifactFinding(finding, version.Reference));
                }
            }
        );
        if (Quiet)
            WriteObject(isRight);
    }

    private (ConcurrentQueue<Finding> Findings, Func<CancellationToken, Task> Verify) Verifier(
        PublishedVersion version,
        TransferProgress progress
    )
    {
        if (Path is null)
        {
            var stored = new StoredContentVerifier(version.Store.Content, version.Manifest, progress);
            return (stored.Findings, stored.VerifyAsync);
        }
        var path = FileSystemPath.Resolve(SessionState.Path, Path);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no folder '{path}'.");
        var folder = new FolderVerifier(version.Manifest, path, progress);
        return (folder.Findings, folder.VerifyAsync);
    }
}
