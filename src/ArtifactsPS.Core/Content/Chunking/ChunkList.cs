using System.Globalization;
using System.Text;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>
/// The chunks of a large file, in the order of the file, with their locations. In the JSON form <c>objects</c> lists the
/// objects that hold the chunks. <c>"this"</c> stands for the object that holds the list itself. <c>in</c> is an index into
/// <c>objects</c>, <c>at</c> is an offset, and <c>stored</c> is the length of a compressed chunk's frame.
/// </summary>
internal sealed class ChunkList(IReadOnlyList<Blob> chunks)
{
    /// <summary>Maximum length of the JSON in bytes.</summary>
    public const int MaxLength = 64 << 20;

    private const string ThisObject = "this";

    public IReadOnlyList<Blob> Chunks { get; } = chunks;

    /// <summary>Encodes the list as JSON.</summary>
    /// <param name="self">Object that will hold the list. All other objects must be stored.</param>
    /// <exception cref="InvalidOperationException">Another object is still being written.</exception>
    public ReadOnlyMemory<byte> Encode(BlobContainer self)
    {
        var objectIndexes = new Dictionary<Digest, int>();
        var objectNames = new JArray();
        var selfIndex = -1;
        var items = new JArray();
        foreach (var chunk in Chunks)
        {
            var item = new JObject
            {
                ["sha256"] = chunk.Digest.Hex,
                ["size"] = chunk.Size,
                ["in"] = IndexOf(
                    chunk.Location.Container ?? throw new InvalidOperationException("A chunk has no location.")
                ),
                ["at"] = chunk.Location.Offset,
            };
            if (chunk.Location.Encoding == BlobEncoding.Zstandard)
                item["stored"] = chunk.Location.EncodedLength;
            items.Add(item);
        }
        var json = new JObject { ["objects"] = objectNames, ["chunks"] = items };
        return Encoding.UTF8.GetBytes(json.ToString(Formatting.None));

        int IndexOf(BlobContainer container)
        {
            if (container == self)
            {
                if (selfIndex < 0)
                {
                    selfIndex = objectNames.Count;
                    objectNames.Add(ThisObject);
                }
                return selfIndex;
            }
            var digest = container.Stored.Digest;
            if (!objectIndexes.TryGetValue(digest, out var index))
            {
                index = objectNames.Count;
                objectIndexes.Add(digest, index);
                objectNames.Add(digest.Hex);
            }
            return index;
        }
    }

    /// <param name="self">Object that holds the list.</param>
    /// <exception cref="InvalidDataException">The list is invalid.</exception>
    public static ChunkList Decode(byte[] bytes, StoredObject self)
    {
        try
        {
            var json = SealedRecord.Parse(Encoding.UTF8.GetString(bytes));
            var objects = json.Required<JArray>("objects")
                .Select(item => (string?)item)
                .Select(text =>
                    text == ThisObject ? self
                    : Digest.TryParseHex(text.AsSpan(), out var digest) ? new StoredObject(digest)
                    : throw new InvalidDataException($"invalid object '{text}'")
                )
                .ToList();
            return new ChunkList([
                .. json.Required<JArray>("chunks")
                    .Select(item => item as JObject ?? throw new InvalidDataException("a chunk is not a JSON object"))
                    .Select(item => new Blob(
                        item.RequiredDigest("sha256"),
                        item.RequiredNumber("size", int.MaxValue),
                        LocationOf(item, objects, item.RequiredNumber("size", int.MaxValue))
                    )),
            ]);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new InvalidDataException(
                string.Format(CultureInfo.InvariantCulture, "invalid list of chunks: {0}", e.Message),
                e
            );
        }
    }

    private static BlobLocation LocationOf(JObject item, List<StoredObject> objects, long size)
    {
        var source = objects[checked((int)item.RequiredNumber("in"))];
        var offset = item.RequiredNumber("at", long.MaxValue - int.MaxValue);
        return item["stored"] is null
            ? new BlobLocation(source, offset)
            : BlobLocation.OfFrame(source, offset, item.RequiredNumber("stored"), size);
    }
}
