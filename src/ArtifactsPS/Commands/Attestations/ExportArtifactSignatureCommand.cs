using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Transfer.Archives;

namespace ArtifactsPS.Commands.Attestations;

/// <summary>Subjects of the statement in an exported signature.</summary>
public enum SignatureSubject
{
    /// <summary>The version as a whole: OpenSSF Model Signing 1.0.</summary>
    Model,

    /// <summary>Each file, for programs that verify single files.</summary>
    File,
}

[Cmdlet(VerbsData.Export, "ArtifactSignature", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportArtifactSignatureCommand : TrustingCmdlet
{
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    [Parameter]
    public SignatureSubject Subject { get; set; } = SignatureSubject.Model;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        var path = FileSystemPath.Resolve(SessionState.Path, Path);
        if (!ShouldProcess(path, $"Export the signature of {version.Reference}"))
            return;
        if (!Force && File.Exists(path))
            throw new ArchiveExistsException(path);
        var verifier = Verifier;
        var files = Subject == SignatureSubject.File;
        // The file may have been created since it was checked.
        if (!Await(token => verifier.TryExportAsync(version, Id, files, path, Force, token)))
            throw new ArchiveExistsException(path);
        if (PassThru)
            WriteFile(path);
    }
}
