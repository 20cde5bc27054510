using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsData.Restore, "Artifact", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class RestoreArtifactCommand : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(DeletedVersionCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Name.Item, Restore);

    private void Restore()
    {
        CheckIsPublished(Name);
        var reference = ArtifactReference.Parse(Name.Text);
        var number = reference.Version ?? throw new VersionNumberMissingException(Name.Text, reference.Name);
        var store = OpenStoreOf(Name);
        if (!ShouldProcess(reference.ToString(), "Restore"))
        {
            if (IsWhatIf)
                Await(token => VersionRestorer.CheckAsync(store, reference.Name, number, token));
            return;
        }
        var run = CurrentRun.Id;
        var restored = Await(token => VersionRestorer.RestoreAsync(store, reference.Name, number, run, token));
        if (restored.FormerAliases.Count > 0)
            WriteWarning(
                $"{restored.Version.Reference} does not get back its aliases {string.Join(", ", restored.FormerAliases)}. "
                    + "Set them with Set-ArtifactAlias if they belong to it."
            );
        if (restored.Version.Unprotected is { } reason)
            WriteWarning(
                $"The source of {restored.Version.Reference} is not protected from deletion, because its store can't be written: {reason}"
            );
        WriteVersion(restored.Version);
    }
}

/// <summary>A deleted version was not given by its number. It has no aliases.</summary>
public sealed class VersionNumberMissingException(string text, ArtifactName name)
    : ArtifactsException(
        $"'{text}' does not name a deleted version. Give its number, such as '{name}:v3'. "
            + $"Get-ArtifactHistory '{name}' shows which versions were deleted.",
        text
    )
{
    public override string ErrorId => "VersionNumberMissing";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
