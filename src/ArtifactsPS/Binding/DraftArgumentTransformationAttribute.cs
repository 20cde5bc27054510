using System.Management.Automation;
using ArtifactsPS.Output;

namespace ArtifactsPS.Binding;

/// <summary>Accepts a draft, and explains for other objects how to get one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DraftArgumentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var data = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return data is null or Artifact ? data : throw NoDraft(inputData!);
    }

    private static ArgumentTransformationMetadataException NoDraft(object value) =>
        ArtifactArgument.From(value) is { Store: not null } version
            ? new(
                $"'{version.Text}' is a published version, which never changes. "
                    + $"New-ArtifactDraft '{version.Text}' begins a draft from it."
            )
            : new(
                $"'{value}' is not a draft of this session. New-Artifact begins one, "
                    + "and New-ArtifactDraft begins one from a version."
            );
}
