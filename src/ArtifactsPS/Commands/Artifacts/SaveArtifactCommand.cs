using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Restoring;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsData.Save, "Artifact", DefaultParameterSetName = PathParameter.Path, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class SaveArtifactCommand : ArtifactCmdlet
{
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    [Parameter(ParameterSetName = PathParameter.Path)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = PathParameter.LiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("LP", "EntryPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Clean { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        var destination = FileSystemPath.Resolve(SessionState.Path, Destination);
        if (
            !ShouldProcess(
                destination,
                Clean ? $"Restore {version.Reference}, and remove what isn't in it" : $"Restore {version.Reference}"
            )
        )
            return;
        var progress = new TransferProgress();
        foreach (var selector in EntryPatterns.FilesAndFolders(Path, LiteralPath))
            ForItem(
                Path.Length + LiteralPath.Length > 0 ? selector.Text : Name.Item,
                () => Restore(version, destination, selector, progress)
            );
    }

    private void Restore(
        PublishedVersion version,
        string destination,
        EntrySelector selector,
        TransferProgress progress
    )
    {
        var options = new RestoreOptions
        {
            Selector = selector,
            Clean = Clean,
            Force = Force,
        };
        var restorer = new FolderRestorer(version, destination, options, Sink<RestoreResult>(Write), progress);
        Await(restorer.RestoreAsync, $"Restoring {version.Reference}", progress);
    }

    private void Write(RestoreResult result)
    {
        switch (result)
        {
            case RestoreResult.Failed failed:
                WriteFailure(failed.Failure);
                break;
            case RestoreResult.Restored file:
                if (PassThru)
                    WriteFile(file.Path);
                break;
            case RestoreResult.Removed removed:
                WriteVerbose($"Removed '{removed.Path}', which isn't in the version.");
                break;
            case RestoreResult.Skipped { Entry: var reference }:
                WriteWarning(
                    $"'{reference.Path}' refers to '{reference.Uri}' and was not restored: only file: URIs can be."
                );
                break;
        }
    }
}
