using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

[Cmdlet(
    VerbsCommon.Add,
    "ArtifactDirectory",
    DefaultParameterSetName = PathParameter.Path,
    SupportsShouldProcess = true
)]
[OutputType(typeof(Artifact))]
public sealed class AddArtifactDirectoryCommand : FileCmdlet
{
    private string _prefix = "";

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Include { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Exclude { get; set; } = [];

    [Parameter]
    public SwitchParameter NoIgnore { get; set; }

    [Parameter]
    public SwitchParameter SkipBrokenLink { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Destination is null)
            return;
        try
        {
            _prefix = EntryPath.Parse(Destination.TrimEnd('/')) + "/";
        }
        catch (InvalidEntryPathException e)
        {
            ThrowInvalidParameter(e, Destination);
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
                : new DirectoryNotFoundException($"The folder '{path}' does not exist.");
        }
        if (!ShouldProcess(path, $"Add to {Artifact.Name}" + (_prefix.Length > 0 ? $" below {_prefix}" : "")))
            return;
        var selection = new FolderSelection(this, Artifact.Draft.Store.Location)
        {
            Include = Include,
            Exclude = Exclude,
            SkipsBrokenLinks = SkipBrokenLink,
            ReadsIgnoreFiles = !NoIgnore,
        };
        selection.Scan(path, scanner => AwaitAdding(() => adder.AddAsync(scanner, _prefix, item)));
    }
}
