using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>Parses the JSON of one list of chunks.</summary>
internal sealed class ChunkListDecoder(JsonTextReader json, StoredObject self) : JsonDecoder(json)
{
    private List<StoredObject> _objects = [];

    /// <exception cref="JsonReaderException">The JSON is not a list of chunks.</exception>
    public ChunkList Read()
    {
        Expect(Next(), JsonToken.StartObject);
        List<Blob>? chunks = null;
        while (Next() == JsonToken.PropertyName)
            switch ((string)Json.Value!)
            {
                // The objects come first, because chunks refer to them.
                case ChunkList.ObjectsProperty when chunks is null:
                    _objects = ReadTexts(ObjectOf);
                    break;
                case ChunkList.ChunksProperty when chunks is null:
                    chunks = ReadArray(ReadChunk);
                    break;
                default:
                    Json.Skip();
                    break;
            }
        Expect(Json.TokenType, JsonToken.EndObject);
        return new ChunkList(chunks ?? throw Fault("the list has no chunks"));
    }

    private StoredObject ObjectOf(string text) =>
        text == ChunkList.ThisObject ? self : new StoredObject(DigestOf(text));

    private Blob ReadChunk()
    {
        Digest? digest = null;
        long? size = null;
        int? source = null;
        long? offset = null;
        long? stored = null;
        while (Next() == JsonToken.PropertyName)
            switch ((string)Json.Value!)
            {
                case "sha256":
                    digest = DigestOf(Text());
                    break;
                case "size":
                    size = Number(int.MaxValue);
                    break;
                case "in":
                    source = (int)Number(_objects.Count - 1);
                    break;
                case "at":
                    offset = Number(long.MaxValue - int.MaxValue);
                    break;
                case "stored":
                    stored = Number(int.MaxValue);
                    break;
                default:
                    Json.Skip();
                    break;
            }
        Expect(Json.TokenType, JsonToken.EndObject);
        if (digest is null || size is null || source is null || offset is null)
            throw Fault("a chunk lacks a property");
        var location = stored is { } length
            ? BlobLocation.OfFrame(_objects[source.Value], offset.Value, length, size.Value)
            : new BlobLocation(_objects[source.Value], offset.Value);
        return new Blob(digest.Value, size.Value, location);
    }
}
