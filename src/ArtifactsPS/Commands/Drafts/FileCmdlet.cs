using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

/// <summary>Base of cmdlets that add local files to a draft. Files are read in the background while the pipeline names more.</summary>
public abstract class FileCmdlet : DraftCmdlet
{
    private readonly TransferProgress _progress = new();
    private FileAdder? _adder;
    private Artifact? _draft;

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathParameter.Path, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = PathParameter.LiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Adds one file or folder.</summary>
    /// <param name="item">The path as the user gave it.</param>
    /// <param name="path">The full path.</param>
    /// <param name="isMatch">Whether the path matches a wildcard pattern, rather than being given literally.</param>
    private protected abstract void Add(FileAdder adder, string item, string path, bool isMatch);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            if (!ReferenceEquals(_draft, Artifact))
            {
                Complete();
                _adder = new FileAdder(Artifact.Draft, Force, Sink<ItemFailure>(WriteFailure), _progress, StoppingToken)
                {
                    Stores = StoreFolders.OfUser(Artifact.Draft.Store.Location),
                    CountsFolders = IsProgressVisible,
                };
                _draft = Artifact;
            }
            foreach (var argument in FilePathArgument.All(Path, LiteralPath))
                AddAll(argument);
            WriteResults();
            // Many short waits would each end before showing progress.
            ShowProgress(Activity, _progress);
            if (DraftsArePiped)
                Complete();
        }
        catch (ArtifactsException e)
        {
            // The failure is of the draft or its store, not of a single file.
            ThrowTerminatingError(ErrorRecords.From(e));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            Complete();
        }
        catch (ArtifactsException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _adder?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Waits for a step of adding, showing progress.</summary>
    private protected void AwaitAdding(Func<Task> step) => Await(_ => step(), Activity, _progress, keepProgress: true);

    private string Activity => $"Adding to {_draft!.Name}";

    /// <summary>Ends the command because of an invalid parameter. Nothing was added, and a given draft remembers it.</summary>
    private protected void ThrowInvalidParameter(Exception exception, string value)
    {
        if (!DraftsArePiped)
            foreach (var argument in FilePathArgument.All(Path, LiteralPath))
                Artifact.Draft.Failures.Add(SourceOf(argument), new ItemFailure(argument.Text, exception));
        ThrowTerminatingError(ErrorRecords.From(exception, value));
    }

    private void AddAll(FilePathArgument argument)
    {
        try
        {
            foreach (var path in argument.Resolve(SessionState.Path))
                Add(_adder!, argument.Text, path, argument.IsPattern);
            // The adder does so for files and folders.
            if (argument.IsPattern)
                Artifact.Draft.Failures.Clear(SourceOf(argument));
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            WriteFailedAddition(SourceOf(argument), argument.Text, e);
        }
    }

    private AdditionSource SourceOf(FilePathArgument argument)
    {
        var path = argument.Text;
        if (!argument.IsPattern)
            try
            {
                path = FileSystemPath.Resolve(SessionState.Path, path);
            }
            catch (Exception e) when (ErrorRecords.IsExpected(e))
            {
                // Without a full path, the text identifies the addition.
            }
        return new AdditionSource(AdditionKind.File, path);
    }

    private void Complete()
    {
        if (_adder is not { } adder)
            return;
        Await(_ => adder.CompleteAsync(), Activity, _progress);
        adder.Dispose();
        var draft = _draft!;
        if (_progress.Tally.Take() is { } tally)
            WriteVerbose($"Files added to {draft.Name}: {tally}.");
        (_adder, _draft) = (null, null);
        WriteDraft(draft);
    }
}
