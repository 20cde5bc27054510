using System.Management.Automation;
using ArtifactsPS.Folders;
using ArtifactsPS.Manifests;

namespace ArtifactsPS.Commands;

/// <summary>Adds files to a draft. What is published is what a file holds now, even if it is changed later.</summary>
/// <example>
/// <code>New-Artifact resnet model | Add-ArtifactFile ./model/weights.bin, ./model/*.json | Publish-Artifact</code>
/// The entries are <c>weights.bin</c> and the names of the JSON files.
/// </example>
/// <example>
/// <code>New-ArtifactDraft mnist | Add-ArtifactFile ./data/labels.csv -Name meta/labels.csv | Publish-Artifact</code>
/// Adds a file under another path.
/// </example>
/// <example>
/// <code>
/// $draft = New-Artifact mnist dataset
/// Get-ChildItem ./data -Recurse -File | Where-Object Extension -eq .csv | Add-ArtifactFile -Artifact $draft -RelativeTo ./data
/// </code>
/// Adds what comes down the pipeline. The entries are named by their paths below <c>data</c>.
/// </example>
/// <seealso cref="AddArtifactDirectoryCommand"/>
/// <seealso cref="AddArtifactReferenceCommand"/>
/// <seealso cref="PublishArtifactCommand"/>
[Cmdlet(VerbsCommon.Add, "ArtifactFile", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(Artifact))]
public sealed class AddArtifactFileCommand : FileCmdlet
{
    private string? _relativeTo;

    /// <summary>The entry's path, for one file: segments joined by <c>/</c>. The file's own name if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>A folder: entries are named by their paths below it. A file that isn't below it is an error.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RelativeTo { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (RelativeTo is null)
            return;
        try
        {
            _relativeTo = FileSystemPath.Resolve(SessionState.Path, RelativeTo);
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, RelativeTo));
        }
    }

    private protected override void Add(FileAdder adder, string item, string path, bool isMatch)
    {
        if (Directory.Exists(path))
        {
            if (!isMatch)
                throw new IOException($"'{item}' is a folder. Add-ArtifactDirectory adds folders.");
            return;
        }
        var entryPath = EntryPath.Parse(Name ?? NameOf(path));
        if (!ShouldProcess(path, $"Add to {Artifact.Name} as {entryPath}"))
            return;
        var adding = adder.AddAsync(entryPath, path, item);
        if (!adding.IsCompletedSuccessfully)
            AwaitAdding(adding.AsTask);
    }

    private string NameOf(string path) =>
        _relativeTo is null
            ? System.IO.Path.GetFileName(path)
            : RelativePath.Of(path, _relativeTo)
                ?? throw new InvalidEntryPathException(path, $"it isn't below -RelativeTo '{RelativeTo}'");
}
