using System.IO.Compression;
using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Transfer.Archives;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsData.Export, "Artifact", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportArtifactCommand : ArtifactCmdlet
{
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    [Parameter]
    public CompressionLevel CompressionLevel { get; set; } = CompressionLevel.Optimal;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        var path = FileSystemPath.Resolve(SessionState.Path, Path);
        if (!ShouldProcess(path, $"Export {version.Reference}"))
            return;
        var progress = new TransferProgress();
        var exporter = new ArchiveExporter(version, CompressionLevel, progress);
        Await(token => exporter.ExportAsync(path, Force, token), $"Exporting {version.Reference}", progress);
        if (PassThru)
            WriteFile(path);
    }
}
