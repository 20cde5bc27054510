using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Completion;

namespace ArtifactsPS.Commands;

/// <summary>Moves aliases to a version, from whichever version of the artifact had them.</summary>
/// <example>
/// <code>Set-ArtifactAlias mnist:v1 prod</code>
/// From now on, <c>mnist:prod</c> means <c>mnist:v1</c>.
/// </example>
/// <example>
/// <code>Set-ArtifactAlias mnist:candidate prod, checked -PassThru</code>
/// Gives two aliases to the version that a third one means, and writes it.
/// </example>
/// <seealso cref="RemoveArtifactAliasCommand"/>
/// <seealso cref="PublishArtifactCommand"/>
/// <seealso cref="GetArtifactHistoryCommand"/>
[Cmdlet(VerbsCommon.Set, "ArtifactAlias", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class SetArtifactAliasCommand : ArtifactCmdlet
{
    /// <summary>The aliases: 1 to 128 characters, without slash, colon and <c>@</c>, and not like <c>v3</c>.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    /// <summary>Writes the version.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        foreach (var alias in Alias)
            Names.CheckAlias(alias);
        if (!ShouldProcess(version.Reference, $"Set alias {string.Join(", ", Alias)}"))
            return;
        var run = CurrentRun.Id;
        var changed = Await(token => VersionEditor.SetAliasesAsync(version, Alias, run, token));
        if (PassThru)
            WriteObject(new ArtifactVersion(changed));
    }
}
