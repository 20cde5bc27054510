using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Artifacts;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Restoring;
using ArtifactsPS.Core.Transfer.Archives;

namespace ArtifactsPS.Commands.Attestations;

[Cmdlet(VerbsData.Export, "ArtifactChecksum", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportArtifactChecksumCommand : ArtifactCmdlet
{
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        var path = FileSystemPath.Resolve(SessionState.Path, Path);
        if (!ShouldProcess(path, $"Export the checksums of {version.Reference}"))
            return;
        if (!Force && File.Exists(path))
            throw new ArchiveExistsException(path);
        // The file may have been created since it was checked.
        if (!Await(token => ChecksumFile.TryWriteAsync(version.Manifest, path, Force, token)))
            throw new ArchiveExistsException(path);
        if (PassThru)
            WriteFile(path);
    }
}
