using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Restoring;

namespace ArtifactsPS.Commands.Assertions;

[Cmdlet(VerbsLifecycle.Assert, "ArtifactContent")]
[Alias("Should-HaveSameContentAs")]
public sealed class AssertArtifactContentCommand : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public PSObject Expected { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject Actual { get; set; } = null!;

    [Parameter]
    public string? Because { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var differences = Compare();
        if (differences.Count > 0)
            ThrowTerminatingError(
                AssertionFailure.Create(
                    $"Expected '{Actual}' to have the same content as '{Expected}'",
                    Because,
                    differences,
                    Actual.BaseObject
                )
            );
    }

    private IReadOnlyCollection<string> Compare() =>
        (PathOf(Actual), PathOf(Expected)) switch
        {
            ({ } actual, { } expected) => Await(token => FolderContentComparison.CompareAsync(actual, expected, token)),
            (null, null) => Compare(VersionOf(Actual), VersionOf(Expected)),
            ({ } folder, null) => Compare(folder, VersionOf(Expected)),
            (null, { } folder) => Compare(folder, VersionOf(Actual)),
        };

    private List<string> Compare(string folder, PublishedVersion version)
    {
        var found = new List<string>();
        if (!Directory.Exists(folder))
            return [$"'{folder}' is a file, and '{version.Reference}' a version"];
        var findings = Sink<VerificationFinding>(finding => found.Add($"{finding.Kind} '{finding.Path}'"));
        Await(new FolderVerifier(version.Manifest, folder, findings, new TransferProgress()).VerifyAsync);
        WriteResults();
        return found;
    }

    private List<string> Compare(PublishedVersion actual, PublishedVersion expected)
    {
        var found = new List<string>();
        if (actual.Record.Digest == expected.Record.Digest)
            return found;
        foreach (
            var (left, right) in Stream(token =>
                ManifestComparer.CompareAsync(expected.Manifest, actual.Manifest, token)
            )
        )
            found.Add(
                left is null ? $"Extra '{right!.Path}'"
                : right is null ? $"Missing '{left.Path}'"
                : $"Changed '{left.Path}'"
            );
        return found;
    }

    // Path of a file or folder that exists; null for a version.
    private string? PathOf(PSObject item)
    {
        if (item.Properties["Reference"] is not null)
            return null;
        var text = item.Properties["FullName"]?.Value as string ?? item.BaseObject as string;
        if (text is null)
            return null;
        try
        {
            var path = FileSystemPath.Resolve(SessionState.Path, text);
            return File.Exists(path) || Directory.Exists(path) ? path : null;
        }
        catch (Exception e)
            when (e
                    is NotAFileSystemPathException
                        or System.Management.Automation.DriveNotFoundException
                        or NotSupportedException
            )
        {
            // 'net:v3' looks like a path on a drive 'net'.
            return null;
        }
    }

    private PublishedVersion VersionOf(PSObject item) =>
        Find(
            ArtifactArgument.From(item)
                ?? throw new ArtifactAssertionException(
                    $"'{item}' is neither a file, a folder nor a version.",
                    item.BaseObject
                )
        );
}
