using System.Globalization;
using System.Text;
using ArtifactsPS.Core.Content.Blobs;
using Newtonsoft.Json;

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

    internal const string ThisObject = "this";
    internal const string ObjectsProperty = "objects";
    internal const string ChunksProperty = "chunks";

    private const int BufferLength = 2 << 10;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public IReadOnlyList<Blob> Chunks { get; } = chunks;

    /// <summary>Encodes the list as JSON.</summary>
    /// <param name="self">Object that will hold the list. All other objects must be stored.</param>
    /// <exception cref="InvalidOperationException">Another object is still being written.</exception>
    public ReadOnlyMemory<byte> Encode(BlobContainer self)
    {
        // A sealed pack and the object that it became count as the same object.
        var objects = new Dictionary<BlobContainer, int>();
        foreach (var chunk in Chunks)
        {
            var source = ContainerOf(chunk);
            if (!objects.ContainsKey(source))
                objects.Add(source, objects.Count);
        }
        var stream = new MemoryStream(Chunks.Count * 128 + 128);
        using (var text = new StreamWriter(stream, Utf8, BufferLength, leaveOpen: true))
        using (var json = new JsonTextWriter(text) { Culture = CultureInfo.InvariantCulture })
        {
            json.WriteStartObject();
            json.WritePropertyName(ObjectsProperty);
            json.WriteStartArray();
            foreach (var item in objects.Keys)
                json.WriteValue(item == self ? ThisObject : item.Stored.Digest.Hex);
            json.WriteEndArray();
            json.WritePropertyName(ChunksProperty);
            json.WriteStartArray();
            foreach (var chunk in Chunks)
                Write(json, chunk, objects[ContainerOf(chunk)]);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.GetBuffer().AsMemory(0, (int)stream.Length);
    }

    /// <summary>Decodes a list token by token: the memory is proportional to the number of chunks.</summary>
    /// <param name="self">Object that holds the list.</param>
    /// <exception cref="InvalidDataException">The list is invalid.</exception>
    public static ChunkList Decode(byte[] bytes, StoredObject self)
    {
        try
        {
            using var text = new StreamReader(new MemoryStream(bytes), Utf8, detectEncodingFromByteOrderMarks: false);
            using var json = new JsonTextReader(text)
            {
                DateParseHandling = DateParseHandling.None,
                FloatParseHandling = FloatParseHandling.Decimal,
                MaxDepth = 8,
                Culture = CultureInfo.InvariantCulture,
            };
            return new ChunkListDecoder(json, self).Read();
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or OverflowException)
        {
            throw new InvalidDataException($"invalid list of chunks: {e.Message}", e);
        }
    }

    private static BlobContainer ContainerOf(Blob chunk) =>
        chunk.Location.Container is { } container
            ? container.StoredOrDefault ?? container
            : throw new InvalidOperationException("A chunk has no location.");

    private static void Write(JsonTextWriter json, Blob chunk, int source)
    {
        json.WriteStartObject();
        json.WritePropertyName("sha256");
        json.WriteValue(chunk.Digest.Hex);
        json.WritePropertyName("size");
        json.WriteValue(chunk.Size);
        json.WritePropertyName("in");
        json.WriteValue(source);
        json.WritePropertyName("at");
        json.WriteValue(chunk.Location.Offset);
        if (chunk.Location.Encoding == BlobEncoding.Zstandard)
        {
            json.WritePropertyName("stored");
            json.WriteValue(chunk.Location.EncodedLength);
        }
        json.WriteEndObject();
    }
}
