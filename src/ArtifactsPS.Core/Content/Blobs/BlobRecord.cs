using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>JSON form of a stored, contiguous blob in a record.</summary>
internal static class BlobRecord
{
    /// <exception cref="InvalidOperationException">The blob is empty, or its pack is still being written.</exception>
    public static JObject ToJson(Blob blob)
    {
        var json = new JObject
        {
            ["sha256"] = blob.Digest.Hex,
            ["size"] = blob.Size,
            ["in"] = blob.Location.Object.Digest.Hex,
            ["at"] = blob.Location.Offset,
        };
        if (blob.Location.Encoding == BlobEncoding.Zstandard)
            json["stored"] = blob.Location.EncodedLength;
        return json;
    }

    /// <exception cref="InvalidDataException">A property is missing or invalid.</exception>
    public static Blob FromJson(JObject json)
    {
        var source = new StoredObject(json.RequiredDigest("in"));
        var offset = json.RequiredNumber("at");
        var size = json.RequiredNumber("size", long.MaxValue - offset);
        var location = json["stored"] is null
            ? new BlobLocation(source, offset)
            : BlobLocation.OfFrame(source, offset, json.RequiredNumber("stored"), size);
        return new Blob(json.RequiredDigest("sha256"), size, location);
    }
}
