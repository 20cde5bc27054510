using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>JSON form of a stored, contiguous blob in a record.</summary>
internal static class BlobRecord
{
    /// <exception cref="InvalidOperationException">The blob is empty, or its pack is still being written.</exception>
    public static JObject ToJson(Blob blob) =>
        new()
        {
            ["sha256"] = blob.Digest.Hex,
            ["size"] = blob.Size,
            ["in"] = blob.Location.Object.Digest.Hex,
            ["at"] = blob.Location.Offset,
        };

    /// <exception cref="InvalidDataException">A property is missing or invalid.</exception>
    public static Blob FromJson(JObject json)
    {
        var location = new BlobLocation(new StoredObject(json.RequiredDigest("in")), json.RequiredNumber("at"));
        var size = json.RequiredNumber("size", long.MaxValue - location.Offset);
        return new Blob(json.RequiredDigest("sha256"), size, location);
    }
}
