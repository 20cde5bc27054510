using System.Collections.Specialized;
using System.Management.Automation;
using ArtifactsPS.Serialization;

namespace ArtifactsPS.Binding;

/// <summary>Converts custom objects, such as those of ConvertFrom-Json, to tables.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MetadataArgumentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (inputData is not PSObject { BaseObject: PSCustomObject })
            return inputData;
        var table = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var property in ObjectFormats.RecordOf(inputData)!)
            table.Add(property.Key, property.Value);
        return table;
    }
}
