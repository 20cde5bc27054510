using System.IO.Compression;
using System.Management.Automation;
using ArtifactsPS.Archives;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Content;

namespace ArtifactsPS.Commands;

/// <summary>
/// Writes a version as one .zip, to go where no store is. Any program for such archives reads its files, which are below
/// <c>files/</c>; <c>artifact.json</c> says what Import-Artifact needs. References are in that only. The archive gets its
/// name when it is whole.
/// </summary>
/// <example>
/// <code>Export-Artifact mnist:prod ./mnist.zip</code>
/// Writes a version, with its description, metadata, tags and digests.
/// </example>
/// <example>
/// <code>Export-Artifact mnist ./mnist.zip -Force -CompressionLevel NoCompression -PassThru</code>
/// Replaces the archive if it is there, packs files as they are, and writes the archive as an object.
/// </example>
/// <example>
/// <code>Get-Artifact mnist -AllVersions | Export-Artifact -Path { "./mnist-$($_.Version).zip" }</code>
/// Gives each version an archive of its own.
/// </example>
/// <seealso cref="ImportArtifactCommand"/>
/// <seealso cref="CopyArtifactCommand"/>
/// <seealso cref="SaveArtifactCommand"/>
[Cmdlet(VerbsData.Export, "Artifact", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportArtifactCommand : ArtifactCmdlet
{
    /// <summary>The archive; nothing in it is a wildcard. A script block gives each version its own.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>How hard to compress: what is compressed already needs none.</summary>
    [Parameter]
    public CompressionLevel CompressionLevel { get; set; } = CompressionLevel.Optimal;

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the archive as an object.</summary>
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
            WriteObject(new FileInfo(path));
    }
}
