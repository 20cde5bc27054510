using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Artifacts;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Storage.Remote;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

// Entries from the pipeline also have a property Uri, which must not be bound first.
[Cmdlet(VerbsCommon.Add, "ArtifactReference", DefaultParameterSetName = EntrySet, SupportsShouldProcess = true)]
[OutputType(typeof(Artifact))]
public sealed class AddArtifactReferenceCommand : DraftCmdlet
{
    private const string UriSet = "Uri";
    private const string EntrySet = "Entry";

    private readonly TransferProgress _progress = new();
    private StoreResolver? _stores;

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Uri { get; set; } = [];

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = EntrySet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [EntryArgumentTransformation]
    public EntryArgument[] Entry { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter(ParameterSetName = UriSet)]
    [ValidateNotNullOrEmpty]
    public string? Digest { get; set; }

    [Parameter(ParameterSetName = UriSet)]
    [ValidateRange(0, long.MaxValue)]
    public long? Size { get; set; }

    [Parameter(ParameterSetName = UriSet)]
    [ValidateSet("Sha256")]
    public string? Checksum { get; set; }

    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter NoChecksum { get; set; }

    [Parameter(ParameterSetName = UriSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Exclude { get; set; } = [];

    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter SkipBrokenLink { get; set; }

    [Parameter(ParameterSetName = UriSet)]
    [ValidateRange(1, long.MaxValue)]
    public long MaxObjects { get; set; } = TargetOptions.DefaultMaxTargets;

    [Parameter(ParameterSetName = UriSet)]
    [ValidateNotNullOrEmpty]
    public string[]? AllowHost { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [ValidateRange(1, 86_400)]
    public int TimeoutSeconds { get; set; } = (int)RequestLimits.DefaultProgress.TotalSeconds;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (NoChecksum && Checksum is not null)
            ThrowTerminatingError(
                ErrorRecords.From(new ContentParametersConflictException(nameof(NoChecksum), nameof(Checksum)))
            );
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == EntrySet)
            foreach (var entry in Entry)
                ForAddition(SourceOf(entry.ToString()), entry.ToString(), () => Add(entry));
        else
            foreach (var uri in Uri)
                ForAddition(SourceOf(uri), ReferenceUri.Redact(uri), () => Add(uri));
        if (DraftsArePiped)
            WriteDraft(Artifact);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!DraftsArePiped)
            WriteDraft(Artifact);
    }

    private bool Add(string item)
    {
        if (ReferenceArgument.EntryOf(SessionState, item) is { } entry && Exists(entry))
            return Add(entry);
        var uri = ReferenceUri.CheckNew(ReferenceArgument.Resolve(SessionState, item));
        if (ReferencedFile.PathOf(uri) is not { } path)
            return AddTargets(uri);
        if (!Directory.Exists(path))
            return AddFiles(uri, null);
        var selection = new FolderSelection(this, Artifact.Draft.Store.Location)
        {
            Exclude = Exclude,
            SkipsBrokenLinks = SkipBrokenLink,
            // They list files that are not to be stored.
            ReadsIgnoreFiles = false,
        };
        var isDone = true;
        selection.Scan(path, scanner => isDone = AddFiles(uri, scanner));
        return isDone;
    }

    private bool AddFiles(string uri, FolderScanner? scanner)
    {
        var finder = new ReferenceFinder
        {
            Scanner = scanner,
            Name = Name,
            Digest = GivenDigest(),
            Size = Size,
            HashesFiles = !NoChecksum,
        };
        var failures = Sink<ItemFailure>(WriteFailedTarget);
        var isDone = true;
        foreach (var target in Stream(token => finder.FindAsync(uri, failures, token)))
            if (target.IsInFolder)
                ForAddition(SourceOf(target.File), target.File, () => isDone &= Add(finder, target));
            else
                isDone = Add(finder, target);
        return isDone;
    }

    private bool Add(ReferenceFinder finder, ReferenceTarget target)
    {
        if (!ShouldProcess(target.Uri, $"Add to {Artifact.Name} as {target.Path}"))
            return false;
        Await(token => Artifact.Draft.AddAsync(finder.ToEntry(target, token), Force, token));
        return true;
    }

    private bool AddTargets(string uri)
    {
        var exclude = new FilePatterns(Exclude, uri, SessionState.Path);
        var excluded = Sink<string>(target => WriteVerbose($"Left out '{target}', because of -{nameof(Exclude)}."));
        var options = new TargetOptions
        {
            IsExcluded = Exclude.Length > 0 ? exclude.Match : null,
            OnExcluded = excluded.Add,
            Name = Name,
            Digest = GivenDigest(),
            Size = Size,
            IsUriOnly = NoChecksum,
            ReadsContent = Checksum is not null,
            Replaces = Force,
            MaxTargets = MaxObjects,
        };
        if (!ShouldProcess(uri, $"Add to {Artifact.Name}" + (Name is null ? "" : $" as {Name}")))
            return false;
        var references = OpenReferences(AllowHost, Artifact.Draft.Store.Location, TimeLimit);
        var failures = Sink<ItemFailure>(WriteFailedTarget);
        var adder = new TargetAdder(Artifact.Draft, references, options, failures, _progress);
        Await(token => adder.AddAsync(uri, token), $"Adding to {Artifact.Name}", _progress, keepProgress: true);
        return true;
    }

    private bool Add(EntryArgument argument)
    {
        var version = Find(argument);
        var source = EntryPath.Parse(argument.Path);
        SharedEntry.CheckStore(Artifact.Draft, version, source);
        var path = Name is null ? source : EntryPath.Parse(Name);
        if (!ShouldProcess(argument.ToString(), $"Add to {Artifact.Name} as {path}"))
            return false;
        Await(async token =>
        {
            var entry =
                await version.Manifest.FindAsync(source, token).ConfigureAwait(false)
                ?? throw await MissingEntry
                    .ExplainAsync(argument.Path, version.Reference, version.EntriesAsync, token)
                    .ConfigureAwait(false);
            await SharedEntry.AddAsync(Artifact.Draft, version, entry, path, Force, token).ConfigureAwait(false);
        });
        // As Use-Artifact does, so that the lineage of what the run publishes leads to the version.
        if (CurrentRun.Id is { } run)
            Await(token => new RunLinks(version.Store).AddInputAsync(run, version, token));
        return true;
    }

    // A text such as doi:10.1000/182 is a URI, unless there is an artifact of that name.
    private bool Exists(EntryArgument argument)
    {
        var reference = ArtifactReference.Parse(argument.Artifact.Text);
        try
        {
            Find(argument);
            return true;
        }
        catch (ArtifactNotFoundException) when (reference.Version is null && reference.Digest is null)
        {
            return false;
        }
    }

    private PublishedVersion Find(EntryArgument argument)
    {
        if (argument.Artifact.IsDraft)
            throw new ArtifactNotPublishedException(ArtifactName.Parse(argument.Artifact.Text));
        var reference = ArtifactReference.Parse(argument.Artifact.Text);
        _stores ??= new StoreResolver(SessionState.Path, TimeLimit);
        return Await(async token =>
        {
            var store =
                argument.Artifact.Store is { } location && location != Artifact.Draft.Store.Location
                    ? await _stores.OpenAsync(location, token).ConfigureAwait(false)
                    : Artifact.Draft.Store;
            return await store.FindAsync(reference, token).ConfigureAwait(false);
        });
    }

    private void WriteFailedTarget(ItemFailure failure) =>
        WriteFailedAddition(SourceOf((string)failure.Item), (string)failure.Item, failure.Exception);

    private TimeSpan TimeLimit => TimeSpan.FromSeconds(TimeoutSeconds);

    private AdditionSource SourceOf(string item) => ReferenceArgument.SourceOf(SessionState, item);

    private Digest? GivenDigest() =>
        Digest is null ? null
        : Core.Values.Digest.TryParse(Digest, out var digest) ? digest
        : throw new InvalidReferenceException(Digest, "Use 'sha256:' and 64 hex digits as the digest");
}
