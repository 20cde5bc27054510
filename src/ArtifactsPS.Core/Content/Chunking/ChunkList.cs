using System.Globalization;
using System.Text;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>
/// The chunks that a large file is made of, end to end, wherever they lie. As JSON: <c>objects</c> lists the objects that
/// hold them, <c>"this"</c> being the one that holds the list itself; <c>in</c> is an index into it and <c>at</c> an offset.
/// </summary>
internal sealed class ChunkList(IReadOnlyList<Blob> chunks)
{
    private const string ThisObject = "this";

    public IReadOnlyList<Blob> Chunks { get; } = chunks;

    /// <summary>Writes the list; all objects but the one it will lie in have their digests.</summary>
    public ReadOnlyMemory<byte> Encode(BlobContainer self)
    {
        var objects = new Dictionary<Digest, int>();
        var names = new JArray();
        var own = -1;
        var items = new JArray();
        foreach (var chunk in Chunks)
            items.Add(
                new JObject
                {
                    ["sha256"] = chunk.Digest.Hex,
                    ["size"] = chunk.Size,
                    ["in"] = IndexOf(
                        chunk.Location.Container ?? throw new InvalidOperationException("A chunk has no bytes.")
                    ),
                    ["at"] = chunk.Location.Offset,
                }
            );
        var json = new JObject { ["objects"] = names, ["chunks"] = items };
        return Encoding.UTF8.GetBytes(json.ToString(Formatting.None));

        int IndexOf(BlobContainer container)
        {
            if (container == self)
            {
                if (own < 0)
                {
                    own = names.Count;
                    names.Add(ThisObject);
                }
                return own;
            }
            var digest = container.Stored.Digest;
            if (!objects.TryGetValue(digest, out var index))
            {
                index = names.Count;
                objects.Add(digest, index);
                names.Add(digest.Hex);
            }
            return index;
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no such list.</exception>
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
                    : throw new InvalidDataException($"'{text}' is no object")
                )
                .ToList();
            return new ChunkList([
                .. json.Required<JArray>("chunks")
                    .Select(item => item as JObject ?? throw new InvalidDataException("a chunk is no object"))
                    .Select(item => new Blob(
                        item.RequiredDigest("sha256"),
                        item.RequiredNumber("size", int.MaxValue),
                        new BlobLocation(
                            objects[checked((int)item.RequiredNumber("in"))],
                            item.RequiredNumber("at", long.MaxValue - int.MaxValue)
                        )
                    )),
            ]);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new InvalidDataException(
                string.Format(CultureInfo.InvariantCulture, "it is no list of chunks: {0}", e.Message),
                e
            );
        }
    }

    /// <summary>The stretches to read one after the other; chunks that lie end to end are one.</summary>
    public IEnumerable<(BlobLocation Location, long Size)> Stretches()
    {
        BlobLocation start = default;
        long size = 0;
        foreach (var chunk in Chunks)
        {
            var follows =
                size > 0
                && chunk.Location.Object.Digest == start.Object.Digest
                && chunk.Location.Offset == start.Offset + size;
            if (!follows && size > 0)
                yield return (start, size);
            if (!follows)
                (start, size) = (chunk.Location, 0);
            size += chunk.Size;
        }
        if (size > 0)
            yield return (start, size);
    }
}
