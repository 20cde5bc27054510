using System.Globalization;
using System.Text;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;

namespace ArtifactsPS.Core.Manifests;

/// <summary>
/// JSON format of a page. <c>objects</c> lists the objects that contain the items; <c>"this"</c> is the object that
/// contains the page itself. <c>in</c> is an index into this list, and <c>at</c> an offset in bytes. A file without
/// <c>in</c> is an object of its own, named by its digest. <c>stored</c> is the length of a compressed item's frame. A file with
/// <c>chunks</c> is stored in chunks: a chunk list of that many bytes is at the location. A reference has <c>uri</c>, and what is
/// known about its target.
/// </summary>
internal static class PageFormat
{
    /// <summary>Maximum length of a page's JSON in bytes.</summary>
    public const int MaxLength = 64 << 20;

    public const int MaxLevel = 16;

    private const int BufferLength = 2 << 10;
    private const string ThisObject = "this";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Encodes a page. All objects except <paramref name="self"/> must be sealed, so that their digests are known.</summary>
    /// <param name="self">Object that will contain the page; null for a page in a record.</param>
    public static ReadOnlyMemory<byte> Encode(ManifestPage page, BlobContainer? self)
    {
        var stream = new MemoryStream(page.Items.Count * 192 + 1024);
        using (var text = new StreamWriter(stream, Utf8, BufferLength, leaveOpen: true))
        using (var json = new JsonTextWriter(text) { Culture = CultureInfo.InvariantCulture })
        {
            var objects = ObjectsOf(page);
            json.WriteStartObject();
            json.WritePropertyName("level");
            json.WriteValue(page.Level);
            json.WritePropertyName("objects");
            json.WriteStartArray();
            foreach (var item in objects.Keys)
                json.WriteValue(item == self ? ThisObject : item.Stored.Digest.Hex);
            json.WriteEndArray();
            json.WritePropertyName(page.Level == 0 ? "entries" : "pages");
            json.WriteStartArray();
            foreach (var item in page.Items)
                if (item is ManifestEntry entry)
                    Write(json, entry, objects);
                else
                    Write(json, (PageReference)item, objects);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.GetBuffer().AsMemory(0, (int)stream.Length);
    }

    /// <summary>Parses a page and checks its format. The caller compares its digest.</summary>
    /// <param name="self">Object that contains the page; null for a page in a record.</param>
    /// <exception cref="InvalidDataException">The bytes are not a page.</exception>
    public static ManifestPage Decode(byte[] bytes, StoredObject? self) => Decode(new ArraySegment<byte>(bytes), self);

    /// <inheritdoc cref="Decode(byte[], StoredObject?)"/>
    public static ManifestPage Decode(ArraySegment<byte> bytes, StoredObject? self) =>
        new FilePageDecoder(bytes, self).TryRead() ?? DecodeAny(bytes, self);

    /// <summary>Parses a page in any valid form.</summary>
    /// <inheritdoc cref="Decode(byte[], StoredObject?)"/>
    internal static ManifestPage DecodeAny(ArraySegment<byte> bytes, StoredObject? self)
    {
        try
        {
            using var stream = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count);
            using var text = new StreamReader(stream, Utf8, detectEncodingFromByteOrderMarks: false);
            using var json = new JsonTextReader(text)
            {
                DateParseHandling = DateParseHandling.None,
                FloatParseHandling = FloatParseHandling.Decimal,
                MaxDepth = 8,
                Culture = CultureInfo.InvariantCulture,
            };
            return new PageDecoder(json, self).Read();
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or InvalidEntryPathException
                        or InvalidReferenceException
                        or DecoderFallbackException
                        or OverflowException
            )
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    public static bool IsThisObject(string text) => text == ThisObject;

    private static Dictionary<BlobContainer, int> ObjectsOf(ManifestPage page)
    {
        var objects = new Dictionary<BlobContainer, int>();
        foreach (var item in page.Items)
        {
            var source = item is ManifestEntry entry
                ? (entry.IsWholeObject ? null : ContainerOf(entry.Location))
                : ContainerOf(((PageReference)item).Location);
            if (source is not null && !objects.ContainsKey(source))
                objects.Add(source, objects.Count);
        }
        return objects;
    }

    // A sealed pack and the object it became count as the same object.
    private static BlobContainer? ContainerOf(BlobLocation location) =>
        location.Container?.StoredOrDefault ?? location.Container;

    private static void Write(JsonTextWriter json, ManifestEntry entry, Dictionary<BlobContainer, int> objects)
    {
        json.WriteStartObject();
        Write(json, "path", entry.Path.ToString());
        if (entry.Target is { } target)
            Write(json, entry.Uri!, target);
        if (entry.Digest is { } digest)
            Write(json, "sha256", digest.Hex);
        if (entry.Size is { } size)
            Write(json, "size", size);
        if (entry.Executable)
        {
            json.WritePropertyName("executable");
            json.WriteValue(true);
        }
        if (ContainerOf(entry.Location) is { } source && !entry.IsWholeObject)
        {
            Write(json, "in", objects[source]);
            Write(json, "at", entry.Location.Offset);
            if (entry.Location.Encoding != BlobEncoding.Raw)
                Write(json, entry.Location.IsChunked ? "chunks" : "stored", entry.Location.EncodedLength);
        }
        json.WriteEndObject();
    }

    private static void Write(JsonTextWriter json, string uri, TargetProperties target)
    {
        Write(json, "uri", uri);
        if (target.ETag is { } etag)
            Write(json, "etag", etag);
        if (target.VersionId is { } version)
            Write(json, "version", version);
        if (target.LastModified is { } time)
            Write(json, "modified", Timestamp.Format(time));
    }

    private static void Write(JsonTextWriter json, PageReference page, Dictionary<BlobContainer, int> objects)
    {
        json.WriteStartObject();
        Write(json, "first", page.First.ToString());
        Write(json, "digest", page.Digest.Hex);
        Write(json, "entries", page.EntryCount);
        Write(json, "size", page.TotalSize);
        Write(
            json,
            "in",
            objects[
                ContainerOf(page.Location) ?? throw new InvalidOperationException("A page reference has no object.")
            ]
        );
        Write(json, "at", page.Location.Offset);
        Write(json, "length", page.Length);
        if (page.Location.EncodedLength > 0)
            Write(json, "stored", page.Location.EncodedLength);
        json.WriteEndObject();
    }

    private static void Write(JsonTextWriter json, string name, string value)
    {
        json.WritePropertyName(name, escape: false);
        json.WriteValue(value);
    }

    private static void Write(JsonTextWriter json, string name, long value)
    {
        json.WritePropertyName(name, escape: false);
        json.WriteValue(value);
    }
}
