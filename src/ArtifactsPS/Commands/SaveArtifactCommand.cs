using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Completion;
using ArtifactsPS.Content;
using ArtifactsPS.Folders;
using ArtifactsPS.Manifests;

namespace ArtifactsPS.Commands;

/// <summary>
/// Restores a version's files to a folder. Files that are there and right are left as they are, others are replaced,
/// each only when it is whole and right. It can be stopped and run again.
/// </summary>
/// <example>
/// <code>Save-Artifact mnist:prod ./restored</code>
/// Restores all files of a version. Run again, it writes only what was changed since.
/// </example>
/// <example>
/// <code>Save-Artifact mnist ./restored -Path *.csv -PassThru</code>
/// Restores the CSV files, and writes them as objects.
/// </example>
/// <example>
/// <code>Save-Artifact app ./site -Clean</code>
/// Makes a folder the same as a version: what else is in it goes.
/// </example>
/// <example>
/// <code>Get-Artifact mnist -AllVersions | Save-Artifact -Destination { "./all/$($_.Version)" }</code>
/// Restores each version to a folder of its own.
/// </example>
/// <seealso cref="TestArtifactCommand"/>
/// <seealso cref="GetArtifactContentCommand"/>
[Cmdlet(VerbsData.Save, "Artifact", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class SaveArtifactCommand : ArtifactCmdlet
{
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    /// <summary>The folder; made if it isn't there. A script block gives each version its own.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Only these entries: a file, a folder with all below it, or a wildcard. Case counts, and <c>*</c> stands
    /// for <c>/</c> too.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] Path { get; set; } = [];

    /// <summary>Only these files or folders, taken as they are; those of entries down the pipeline.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("LP", "EntryPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Removes from the folder what isn't in the version.</summary>
    [Parameter]
    public SwitchParameter Clean { get; set; }

    /// <summary>Replaces a folder or link that is where a file belongs, and a file or link where a folder does.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the restored files.</summary>
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
        foreach (var selector in EntryPatterns.All(Path, LiteralPath))
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
        var restorer = new FolderRestorer(version, destination, options, progress);
        Await(restorer.RestoreAsync, $"Restoring {version.Reference}", progress, () => HandOn(restorer));
    }

    private void HandOn(FolderRestorer restorer)
    {
        WriteFailures(restorer.Failures);
        while (restorer.Restored.TryDequeue(out var file))
            if (PassThru)
                WriteObject(new FileInfo(file));
        while (restorer.Removed.TryDequeue(out var path))
            WriteVerbose($"Removed '{path}', which isn't in the version.");
        while (restorer.Left.TryDequeue(out var reference))
            WriteWarning(
                $"'{reference.Path}' refers to '{reference.Uri}' and was not restored: only file: URIs can be."
            );
    }
}
