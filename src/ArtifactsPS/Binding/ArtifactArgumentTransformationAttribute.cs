using System.Collections;
using System.Management.Automation;
using ArtifactsPS.Output;

namespace ArtifactsPS.Binding;

/// <summary>Converts texts, versions, drafts, entries, and objects with a Name property to artifact arguments.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ArtifactArgumentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var data = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (data is not (IList or null) && ArtifactArgument.From(inputData) is { } argument)
            return argument;
        if (data is not IList items)
            throw NoArtifact(inputData);
        var arguments = new ArtifactArgument[items.Count];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = ArtifactArgument.From(items[i]) ?? throw NoArtifact(items[i]);
        return arguments;
    }

    private static ArgumentTransformationMetadataException NoArtifact(object? value) =>
        new(
            $"'{value}' does not refer to an artifact. Give a name such as 'mnist' or 'mnist:v3', an object from Get-Artifact, or an object with a Name property."
        );
}
