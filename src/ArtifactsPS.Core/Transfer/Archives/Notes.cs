using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>Description, metadata and tags of an archived version.</summary>
internal readonly record struct Notes(string? Description, JObject? Metadata, IReadOnlyList<TagName> Tags)
{
    public void WriteTo(JObject json)
    {
        if (Description is not null)
            json["description"] = Description;
        if (Metadata is not null)
            json["metadata"] = Metadata.DeepClone();
        if (Tags.Count > 0)
            json["tags"] = new JArray(Tags.Select(tag => tag.ToString()));
    }

    public static Notes Read(JObject json) =>
        new(
            json.OptionalText("description"),
            json["metadata"] as JObject,
            json["tags"] is JArray tags ? tags.Select(tag => TagName.Parse((string)tag!)).ToArray() : []
        );
}
