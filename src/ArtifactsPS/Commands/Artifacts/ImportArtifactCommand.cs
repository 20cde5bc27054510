using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Transfer.Archives;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsData.Import, "Artifact", DefaultParameterSetName = PathParameter.Path, SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class ImportArtifactCommand : StoreCmdlet
{
    private ArtifactName? _name;
    private IReadOnlyList<AliasName> _aliases = [];

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathParameter.Path, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = PathParameter.LiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [NameArgumentTransformation]
    public string? Name { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            _name = Name is null ? null : ArtifactName.Parse(Name);
            _aliases = [.. Alias.Select(AliasName.Parse)];
        }
        catch (ArtifactsException e)
        {
            // Invalid arguments affect all archives.
            ThrowTerminatingError(ErrorRecords.From(e));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var argument in FilePathArgument.All(Path, LiteralPath))
            ForItem(
                argument.Text,
                () =>
                {
                    foreach (var path in argument.Resolve(SessionState.Path))
                        ForItem(argument.IsPattern ? path : argument.Text, () => Import(path));
                }
            );
    }

    private void Import(string path)
    {
        var progress = new TransferProgress();
        var importer = new ArchiveImporter(path, OpenStore(), progress);
        if (!ShouldProcess(path, _name is null ? "Import" : $"Import as {_name}"))
        {
            if (IsWhatIf)
                Await(token => importer.CheckAsync(_name, _aliases, token));
            return;
        }
        var run = CurrentRun.Id;
        WriteVersion(
            Await(
                token => importer.ImportAsync(_name, _aliases, run, token),
                $"Importing {System.IO.Path.GetFileName(path)}",
                progress
            )
        );
    }
}
