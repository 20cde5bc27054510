using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Records;

/// <summary>Number of a record's format. It is read before the other members, which depend on it.</summary>
internal sealed record RecordFormat(long Number)
{
    public static RecordFormat Map(RecordFields fields, RecordFormat? value) =>
        new(fields.Number("format", value?.Number));
}
