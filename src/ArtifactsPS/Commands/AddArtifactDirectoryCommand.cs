using System.Collections.Concurrent;
using System.Management.Automation;
using ArtifactsPS.Folders;
using ArtifactsPS.Manifests;

namespace ArtifactsPS.Commands;

/// <summary>
/// Adds the files of a folder and of all folders below it to a draft. Links are followed, and never in a circle. A file
/// <c>.artifactignore</c>, in the folder or any below, lists what is left out of where it stands, in the syntax of
/// <c>.gitignore</c>; case counts in it.
/// </summary>
/// <example>
/// <code>New-Artifact mnist dataset | Add-ArtifactDirectory ./data | Publish-Artifact</code>
/// The entries are named by their paths below <c>data</c>.
/// </example>
/// <example>
/// <code>
/// New-Artifact mnist dataset | Add-ArtifactDirectory ./data -Include *.csv -Exclude raw, test.* | Publish-Artifact
/// </code>
/// Leaves out the folder <c>raw</c>, files that begin with <c>test.</c>, and all that isn't CSV.
/// </example>
/// <example>
/// <code>
/// $draft = New-Artifact app release
/// Add-ArtifactDirectory ./release -Artifact $draft
/// Add-ArtifactDirectory ./docs -Artifact $draft -Destination docs
/// Publish-Artifact $draft
/// </code>
/// Adds a second folder below <c>docs/</c>.
/// </example>
/// <example>
/// <code>
/// Set-Content ./data/.artifactignore '*.tmp', '/raw/'
/// New-Artifact mnist dataset | Add-ArtifactDirectory ./data -Verbose | Publish-Artifact
/// </code>
/// Leaves out what the file lists, now and whenever the folder is added, and says by which line.
/// </example>
/// <seealso cref="AddArtifactFileCommand"/>
/// <seealso cref="SaveArtifactCommand"/>
/// <seealso cref="PublishArtifactCommand"/>
[Cmdlet(VerbsCommon.Add, "ArtifactDirectory", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(Artifact))]
public sealed class AddArtifactDirectoryCommand : FileCmdlet
{
    private readonly ConcurrentQueue<IgnoredPath> _ignored = new();
    private string _prefix = "";
    private FilePatterns _include = new([]);
    private FilePatterns _exclude = new([]);

    /// <summary>The folder within the artifact, for example <c>docs</c>; its root if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Takes only files that match: <c>*.csv</c> by name at any depth, <c>train/*.csv</c> by path.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Include { get; set; } = [];

    /// <summary>Leaves out files that match, and folders with all that is below them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Exclude { get; set; } = [];

    /// <summary>Adds what files called <c>.artifactignore</c> would leave out, too.</summary>
    [Parameter]
    public SwitchParameter NoIgnore { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _include = new FilePatterns(Include);
        _exclude = new FilePatterns(Exclude);
        if (Destination is null)
            return;
        try
        {
            _prefix = EntryPath.Parse(Destination.TrimEnd('/')) + "/";
        }
        catch (InvalidEntryPathException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, Destination));
        }
    }

    private protected override void Add(FileAdder adder, string item, string path, bool isMatch)
    {
        if (!Directory.Exists(path))
        {
            if (isMatch && File.Exists(path))
                return;
            throw File.Exists(path)
                ? new IOException($"'{item}' is a file. Add-ArtifactFile adds files.")
                : new DirectoryNotFoundException($"There is no folder '{path}'.");
        }
        if (!ShouldProcess(path, $"Add to {Artifact.Name}" + (_prefix.Length > 0 ? $" below {_prefix}" : "")))
            return;
        var scanner = new FolderScanner(path)
        {
            Avoided = Artifact.Draft.Store.Location,
            IsExcluded = _exclude.Match,
            IsIncluded = Include.Length == 0 ? _ => true : _include.Match,
            OnIgnored = NoIgnore ? null : _ignored.Enqueue,
        };
        AwaitAdding(() => adder.AddAsync(scanner, _prefix), WriteIgnored);
    }

    private void WriteIgnored()
    {
        while (_ignored.TryDequeue(out var ignored))
            WriteVerbose($"Left out '{ignored.Path}', because of line {ignored.Line} of '{ignored.File}'.");
    }
}
