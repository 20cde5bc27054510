using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Completion;

namespace ArtifactsPS.Commands;

/// <summary>
/// Takes aliases away. Given an artifact's name, from whichever version has them; given a version, from that one.
/// <c>latest</c> can't be removed.
/// </summary>
/// <example>
/// <code>Remove-ArtifactAlias mnist prod</code>
/// Takes the alias from whichever version has it.
/// </example>
/// <example>
/// <code>Remove-ArtifactAlias mnist:v2 candidate</code>
/// Takes the alias from <c>v2</c>. It is an error if another version has it by now.
/// </example>
/// <seealso cref="SetArtifactAliasCommand"/>
[Cmdlet(VerbsCommon.Remove, "ArtifactAlias", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class RemoveArtifactAliasCommand : StoreCmdlet
{
    /// <summary>An artifact (<c>mnist</c>), a version of it (<c>mnist:v3</c>), or a version object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    /// <summary>The aliases.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    /// <summary>Writes the versions that had them.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var alias in Alias)
            ForItem(Name.Item, () => Remove(alias));
    }

    private void Remove(string alias)
    {
        Names.CheckAlias(alias);
        var reference = ArtifactReference.Parse(Name.Text);
        var version = Find(reference.IsNameOnly ? Name.WithAlias(alias) : Name);
        if (!ShouldProcess(version.Reference, $"Remove alias {alias}"))
            return;
        var run = CurrentRun.Id;
        var changed = Await(token => VersionEditor.RemoveAliasAsync(version, alias, run, token));
        if (PassThru)
            WriteObject(new ArtifactVersion(changed));
    }
}
