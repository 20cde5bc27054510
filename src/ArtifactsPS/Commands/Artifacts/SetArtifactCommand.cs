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
                // No version has an invalid tag.
                RemoveTags =
                [
                    .. RemoveTag.SelectMany(text =>
                        TagName.TryParse(text, out var tag) ? [tag] : Array.Empty<TagName>()
                    ),
                ],
                ExpiresAt = NeverExpires ? EditAction.Never : null,
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
        var edit = EditIn(version.Store) with { Version = version.Record.Number };
        if (!ShouldProcess(version.Reference, edit.Summary))
            return;
        _pending.Add(version);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _pending.Commit();

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
