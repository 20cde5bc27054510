using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

[Cmdlet(VerbsCommon.Add, "ArtifactFile", DefaultParameterSetName = PathParameter.Path, SupportsShouldProcess = true)]
[OutputType(typeof(Artifact))]
public sealed class AddArtifactFileCommand : FileCmdlet
{
    private string? _relativeTo;

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

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
            ThrowInvalidParameter(e, RelativeTo);
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
                ?? throw new InvalidEntryPathException(path, $"It isn't below -RelativeTo '{RelativeTo}'");
}
