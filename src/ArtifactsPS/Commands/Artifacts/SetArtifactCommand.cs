using System.Collections;
using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Set, "Artifact", DefaultParameterSetName = ByAge, SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class SetArtifactCommand : ArtifactCmdlet
{
    private const string ByAge = "ExpiresAfter";

    // One transaction changes all versions of an artifact.
    private readonly PendingBatch<PublishedVersion> _pending;
    private EditAction _edit = new(0);
    private EditArtifactAction _artifactEdit = new();

    // Artifacts that the command has changed as a whole, or was not to change.
    private readonly HashSet<(VersionStore Store, ArtifactKey Artifact)> _edited = [];

    // The change with the expiry by the clock of a store.
    private (VersionStore Store, EditAction Edit)? _current;

    public SetArtifactCommand() => _pending = new(version => version, Commit);

    [Parameter]
    [AllowEmptyString]
    public string? Description { get; set; }

    [Parameter]
    [MetadataArgumentTransformation]
    public IDictionary? Metadata { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] AddTag { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] RemoveTag { get; set; } = [];

    [Parameter]
    [AllowEmptyString]
    public string? ArtifactDescription { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ArtifactTagCompleter))]
    public string[] AddArtifactTag { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ArtifactTagCompleter))]
    public string[] RemoveArtifactTag { get; set; } = [];

    [Parameter(ParameterSetName = ByAge)]
    public TimeSpan? ExpiresAfter { get; set; }

    [Parameter(ParameterSetName = "NeverExpires", Mandatory = true)]
    public SwitchParameter NeverExpires { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            _edit = new EditAction(0)
            {
                Description = VersionLimits.CheckDescription(Description),
                Metadata = VersionLimits.CheckMetadata(Metadata is null ? null : MetadataConverter.ToJson(Metadata)),
                AddTags = [.. AddTag.Select(TagName.Parse)],
                RemoveTags = Existing(RemoveTag),
                ExpiresAt = NeverExpires ? EditAction.Never : null,
            };
            _artifactEdit = new EditArtifactAction
            {
                Description = VersionLimits.CheckDescription(ArtifactDescription),
                AddTags = [.. AddArtifactTag.Select(TagName.Parse)],
                RemoveTags = Existing(RemoveArtifactTag),
            };
            if (ExpiresAfter is { } span)
                InvalidExpiryException.Check(span);
        }
        catch (ArtifactsException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Name.Item, () => _pending.Guard(() => Process(FindOnce(Name))));

    private protected override void Process(PublishedVersion version)
    {
        if (!_artifactEdit.IsEmpty)
            EditArtifact(version);
        if (!_artifactEdit.IsEmpty && !ChangesVersions)
        {
            if (PassThru && !IsWhatIf)
                WriteVersion(FindAgain(version));
            return;
        }
        var edit = EditIn(version.Store) with { Version = version.Record.Number };
        if (!ShouldProcess(version.Reference, edit.Summary))
            return;
        _pending.Add(version);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _pending.Commit();

    private bool ChangesVersions =>
        Description is not null
        || Metadata is not null
        || AddTag.Length > 0
        || RemoveTag.Length > 0
        || ExpiresAfter is not null
        || NeverExpires;

    // Nothing has an invalid tag.
    private static IReadOnlyList<TagName> Existing(IEnumerable<string> tags) =>
        [.. tags.SelectMany(text => TagName.TryParse(text, out var tag) ? [tag] : Array.Empty<TagName>())];

    // Once for all versions of an artifact.
    private void EditArtifact(PublishedVersion version)
    {
        if (
            !_edited.Add((version.Store, version.Key)) || !ShouldProcess(version.Name.ToString(), _artifactEdit.Summary)
        )
            return;
        var run = CurrentRun.Id;
        Await(token => ArtifactEditor.EditAsync(version.Store, version.Name, _artifactEdit, run, token));
    }

    private PublishedVersion FindAgain(PublishedVersion version)
    {
        var reference = ArtifactReference.To(version.Name, version.Record.Number);
        return Await(token => version.Store.FindAsync(reference, token));
    }

    // A store's own clock decides when its versions expire. All versions of a store that a command changes expire at the same
    // time.
    private EditAction EditIn(VersionStore store)
    {
        if (ExpiresAfter is not { } span)
            return _edit;
        if (_current?.Store != store)
            _current = (store, _edit with { ExpiresAt = Await(store.Objects.GetTimeAsync) + span });
        return _current!.Value.Edit;
    }

    private void Commit(IReadOnlyList<PublishedVersion> versions) =>
        ForItem(
            versions.Count == 1 ? versions[0].Reference : versions[0].Name.ToString(),
            () =>
            {
                var run = CurrentRun.Id;
                var edit = EditIn(versions[0].Store);
                var changed = Await(token => VersionEditor.EditAllAsync(versions, edit, run, token));
                for (var i = 0; i < changed.Count; i++)
                    if (changed[i] is { } version)
                    {
                        if (PassThru)
                            WriteVersion(version);
                    }
                    else
                        ForItem(
                            versions[i].Reference,
                            () =>
                                throw new ArtifactVersionNotFoundException(
                                    versions[i].Reference,
                                    versions[i].Name,
                                    versions[i].Store.Location
                                )
                        );
            }
        );
}

/// <summary>A time span is out of range for an expiry.</summary>
public sealed class InvalidExpiryException(TimeSpan span)
    : ArtifactsException(
        $"A version can't expire after {span}. Give a time span from one minute to 1000 years, "
            + "such as '90.00:00:00' for 90 days. PowerShell reads a plain number as ticks.",
        span
    )
{
    public override string ErrorId => "InvalidExpiry";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365_250);

    internal static TimeSpan Check(TimeSpan span) =>
        span >= Shortest && span <= Longest ? span : throw new InvalidExpiryException(span);
}
