using System.Management.Automation;
using ArtifactsPS.Archives;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Completion;
using ArtifactsPS.Content;

namespace ArtifactsPS.Commands;

/// <summary>
/// Publishes the version that an archive of Export-Artifact holds, with type, description, metadata and tags. Each file is
/// checked, and the whole against the version's digest; of an archive that isn't as it was written nothing is published.
/// </summary>
/// <example>
/// <code>
/// Export-Artifact mnist:prod ./mnist.zip
/// Import-Artifact ./mnist.zip -Store ./archive -Alias prod
/// </code>
/// Takes a version to another store, and gives it an alias there.
/// </example>
/// <example>
/// <code>
/// Export-Artifact mnist ./mnist.zip -Force
/// Import-Artifact ./mnist.zip -Name mnist-copy
/// </code>
/// Publishes it as a version of another artifact.
/// </example>
/// <seealso cref="ExportArtifactCommand"/>
/// <seealso cref="CopyArtifactCommand"/>
[Cmdlet(VerbsData.Import, "Artifact", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class ImportArtifactCommand : StoreCmdlet
{
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    /// <summary>Archives, which can have wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByPath, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Archives whose paths are taken as they are; those of files down the pipeline.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>What the artifact is called here; what it was called where it was exported if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public string? Name { get; set; }

    /// <summary>Aliases that move to the version, besides <c>latest</c>, which moves to what is new.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            if (Name is not null)
                Names.CheckName(Name);
            foreach (var alias in Alias)
                Names.CheckAlias(alias);
        }
        catch (ArtifactsException e)
        {
            // The same for all archives.
            ThrowTerminatingError(ErrorRecords.From(e));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var item in LiteralPath)
            ForItem(item, () => Import(FileSystemPath.Resolve(SessionState.Path, item)));
        foreach (var item in Path)
            ForItem(
                item,
                () =>
                {
                    foreach (var path in FileSystemPath.Expand(SessionState.Path, item))
                        ForItem(path, () => Import(path));
                }
            );
    }

    private void Import(string path)
    {
        if (!ShouldProcess(path, Name is null ? "Import" : $"Import as {Name}"))
            return;
        var progress = new TransferProgress();
        var importer = new ArchiveImporter(path, OpenStore(), progress);
        var run = CurrentRun.Id;
        WriteObject(
            new ArtifactVersion(
                Await(
                    token => importer.ImportAsync(Name, Alias, run, token),
                    $"Importing {System.IO.Path.GetFileName(path)}",
                    progress
                )
            )
        );
    }
}
