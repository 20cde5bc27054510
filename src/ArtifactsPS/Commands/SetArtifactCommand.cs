using System.Collections;
using System.Management.Automation;
using ArtifactsPS.Catalogs;

namespace ArtifactsPS.Commands;

/// <summary>Changes what is said of a version: description, metadata, tags, expiry. Its content never changes.</summary>
/// <example>
/// <code>Set-Artifact mnist:v1 -Description 'Labels looked through by hand' -AddTag reviewed</code>
/// Says more of a version than was known when it was published.
/// </example>
/// <example>
/// <code>Set-Artifact mnist:v1 -Metadata ((Get-Artifact mnist:v1).Metadata + @{ errors = 12 })</code>
/// Adds a value to the metadata, which is replaced as a whole.
/// </example>
/// <example>
/// <code>Get-Artifact mnist -Tag nightly | Set-Artifact -ExpiresAfter 90.00:00</code>
/// Lets the versions with a tag expire after 90 days.
/// </example>
/// <seealso cref="SetArtifactAliasCommand"/>
/// <seealso cref="GetArtifactCommand"/>
[Cmdlet(VerbsCommon.Set, "Artifact", DefaultParameterSetName = ByAge, SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class SetArtifactCommand : ArtifactCmdlet
{
    private const string ByAge = "ExpiresAfter";

    private EditAction _edit = new(0);

    /// <summary>What it is, in words; an empty text takes the description away.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <summary>Plain values, in place of all that were there: text, numbers, booleans, dates, lists, hashtables.</summary>
    [Parameter]
    public IDictionary? Metadata { get; set; }

    /// <summary>Labels to add.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] AddTag { get; set; } = [];

    /// <summary>Labels to take away. One that isn't there is no error.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] RemoveTag { get; set; } = [];

    /// <summary>From when on a clean-up may delete the version, from now: <c>90.00:00:00</c> is 90 days. A version with
    /// an alias besides <c>latest</c> is never deleted for its age.</summary>
    [Parameter(ParameterSetName = ByAge)]
    public TimeSpan? ExpiresAfter { get; set; }

    /// <summary>Takes the expiry away.</summary>
    [Parameter(ParameterSetName = "NeverExpires", Mandatory = true)]
    public SwitchParameter NeverExpires { get; set; }

    /// <summary>Writes the changed version.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            foreach (var tag in AddTag)
                Names.CheckTag(tag);
            _edit = new EditAction(0)
            {
                Description = Description,
                Metadata = Metadata is null ? null : MetadataConverter.ToJson(Metadata),
                AddTags = AddTag,
                RemoveTags = RemoveTag,
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

/// <summary>A time span after which nothing can expire.</summary>
public sealed class InvalidExpiryException(TimeSpan span)
    : ArtifactsException(
        $"A version can't expire after {span}: give at least a minute and at most a thousand years, as a time span "
            + "such as '90.00:00:00' for 90 days. A plain number is taken for ticks by PowerShell.",
        span
    )
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365_250);

    internal static TimeSpan Check(TimeSpan span) =>
        span >= Shortest && span <= Longest ? span : throw new InvalidExpiryException(span);
}
