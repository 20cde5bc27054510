using System.Collections;
using System.Management.Automation;
using ArtifactsPS.Output;

namespace ArtifactsPS.Binding;

/// <summary>Converts objects of this module to their names or ids. Their text is none, so that cmdlets of providers don't take it as
/// the path of a file.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NameArgumentTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Deserialized = "Deserialized.";

    private static readonly Dictionary<string, string[]> Properties = new(StringComparer.Ordinal)
    {
        [typeof(Artifact).FullName!] = [nameof(Artifact.Name)],
        [typeof(ArtifactSummary).FullName!] = [nameof(ArtifactSummary.Name)],
        [typeof(ArtifactRun).FullName!] = [nameof(ArtifactRun.Id)],
        [typeof(ArtifactLineageNode).FullName!] = [nameof(ArtifactLineageNode.Id)],
        [typeof(ArtifactStore).FullName!] = [nameof(ArtifactStore.Name), nameof(ArtifactStore.Location)],
        [typeof(ArtifactReferenceHandler).FullName!] = [nameof(ArtifactReferenceHandler.Scheme)],
        [typeof(DistributedArtifact).FullName!] = [nameof(DistributedArtifact.Name)],
    };

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is IList items
            ? items.Cast<object?>().Select(NameOf).ToArray()
            : NameOf(inputData);

    private static object? NameOf(object? value)
    {
        if (value is null)
            return null;
        var item = PSObject.AsPSObject(value);
        foreach (var type in item.TypeNames)
            if (
                Properties.TryGetValue(
                    type.StartsWith(Deserialized, StringComparison.Ordinal)
                        ? type.Substring(Deserialized.Length)
                        : type,
                    out var names
                )
            )
                return names.Select(name => item.Properties[name]?.Value).FirstOrDefault(name => name is not null);
        return value;
    }
}
