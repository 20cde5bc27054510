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

    private EditAction _edit = new(0);

    [Parameter]
    [AllowEmptyString]
    public string? Description { get; set; }

    [Parameter]
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
                Description = Description,
                Metadata = Metadata is null ? null : MetadataConverter.ToJson(Metadata),
                AddTags = [.. AddTag.Select(TagName.Parse)],
                // No version has an invalid tag.
                RemoveTags =
                [
                    .. RemoveTag.SelectMany(text =>
                        TagName.TryParse(text, out var tag) ? [tag] : Array.Empty<TagName>()
                    ),
                ],
                ExpiresAt =
                    NeverExpires ? EditAction.Never
                    : ExpiresAfter is { } span ? DateTimeOffset.UtcNow + InvalidExpiryException.Check(span)
                    : null,
            };
        }
        catch (ArtifactsException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e));
        }
    }

    private protected override void Process(PublishedVersion version)
    {
        var edit = _edit with { Version = version.Record.Number };
        if (!ShouldProcess(version.Reference, edit.Summary))
            return;
        var run = CurrentRun.Id;
        var changed = Await(token => VersionEditor.EditAsync(version, edit, run, token));
        if (PassThru)
            WriteObject(new ArtifactVersion(changed));
    }
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
