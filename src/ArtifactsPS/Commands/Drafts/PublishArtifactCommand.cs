using System.Collections;
using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

[Cmdlet(VerbsData.Publish, "Artifact", DefaultParameterSetName = ByDraft, SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class PublishArtifactCommand : AsyncPSCmdlet
{
    private const string ByDraft = "Draft";
    private const string ByPath = PathParameter.Path;

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByDraft, ValueFromPipeline = true)]
    [ValidateNotNull]
    [DraftArgumentTransformation]
    public Artifact Artifact { get; set; } = null!;

    [Parameter(Mandatory = true, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [NameArgumentTransformation]
    public string Name { get; set; } = "";

    [Parameter(ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TypeCompleter))]
    public string? Type { get; set; }

    // In both sets, so that $PSDefaultParameterValues can name a store for all commands.
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public string? Store { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExpectedVersionCompleter))]
    public string? Expect { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    [Parameter]
    public SwitchParameter AllowIncomplete { get; set; }

    [Parameter]
    public SwitchParameter AllowEmpty { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByPath)
            ForItem(Name, () => Publish(Gather()));
        else
            ForItem(Artifact, () => Publish(InGivenStore(Artifact.ApplyMetadata())));
    }

    private ArtifactDraft InGivenStore(ArtifactDraft draft) =>
        Store is null || HasDefaultStore || OpenStore() is var store && store.Id == draft.Store.Id
            ? draft
            : throw new DraftInOtherStoreException(draft.Name, draft.Store.Location, store.Location);

    // A default value of the session is for commands without a draft.
    private bool HasDefaultStore =>
        GetVariableValue("PSDefaultParameterValues") is IDictionary defaults
        && defaults
            .Keys.OfType<string>()
            .Any(key => key.EndsWith($":{nameof(Store)}", StringComparison.OrdinalIgnoreCase));

    private VersionStore OpenStore()
    {
        var stores = new StoreResolver(SessionState.Path);
        CredentialSecret.Provide(stores, Store, InvokeCommand);
        return Await(token => stores.OpenAsync(Store, token));
    }

    // The draft remembers what can't be added.
    private ArtifactDraft Gather()
    {
        var store = OpenStore();
        var name = ArtifactName.Parse(Name);
        var type = Type is null ? Await(token => store.FindTypeAsync(name, token)) : TypeName.Parse(Type);
        var draft = ArtifactDraft.Begin(store, name, type, []);
        var progress = new TransferProgress();
        var selection = new FolderSelection(this, store.Location);
        using var adder = new FileAdder(draft, replace: false, Sink<ItemFailure>(WriteFailure), progress, StoppingToken)
        {
            Stores = selection.Stores,
            CountsFolders = IsProgressVisible,
        };
        foreach (var argument in FilePathArgument.All(Path, []))
        foreach (var path in argument.Resolve(SessionState.Path))
            if (Directory.Exists(path))
                selection.Scan(path, scanner => AwaitAdding(() => adder.AddAsync(scanner, prefix: "", argument.Text)));
            else
                AwaitAdding(() =>
                    adder.AddAsync(EntryPath.Parse(System.IO.Path.GetFileName(path)), path, argument.Text).AsTask()
                );
        AwaitAdding(adder.CompleteAsync);
        return draft;

        void AwaitAdding(Func<Task> step) => Await(_ => step(), $"Adding to {name}", progress, keepProgress: true);
    }

    private void Publish(ArtifactDraft draft)
    {
        List<AliasName> aliases = [.. Alias.Select(AliasName.Parse)];
        List<TagName> tags = [.. Tag.Select(TagName.Parse)];
        var expected = ExpectArgument.Parse(Expect, aliases);
        if (!AllowIncomplete)
            draft.CheckIsComplete();
        if (!AllowEmpty)
            draft.CheckIsNotEmpty(orRemoves: false);
        var files = draft.FileCount == 1 ? "1 file" : $"{draft.FileCount} files";
        if (!ShouldProcess($"{draft.Name} ({files}, {ByteSize.Format(draft.Size)})", "Publish"))
        {
            if (IsWhatIf)
                Await(token => Publisher.CheckAliasesAsync(draft, aliases, tags, expected, token));
            return;
        }
        var run = CurrentRun.Id;
        var version = Await(token => Publisher.PublishAsync(draft, aliases, tags, expected, run, token));
        if (version.Deduplicated)
            WriteVerbose($"'{version.Reference}' has this content already: there is no new version.");
        if (version.Deduplicated && !version.Record.HasDetails(draft.Description, draft.Metadata))
            WriteWarning(
                $"'{version.Reference}' has this content already: the description and metadata given were not saved. "
                    + $"Set-Artifact '{version.Reference}' changes them."
            );
        WriteVersion(version);
    }
}
