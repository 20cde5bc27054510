using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Parses the JSON of one page.</summary>
internal sealed class PageDecoder(JsonTextReader json, StoredObject? self) : JsonDecoder(json)
{
    private List<StoredObject> _objects = [];
    private int _level = -1;

    public ManifestPage Read()
    {
        Expect(Next(), JsonToken.StartObject);
        List<IPageItem>? items = null;
        while (Next() == JsonToken.PropertyName)
            switch ((string)Json.Value!)
            {
                // The level comes first, because the type of the items depends on it.
                case "level" when _level < 0:
                    _level = (int)Number(PageFormat.MaxLevel);
                    break;
                case "level":
                    throw Fault("the level is given twice");
                case "objects":
                    _objects = ReadTexts(ObjectOf);
                    break;
                case "entries" when _level == 0 && items is null:
                    items = ReadArray<IPageItem>(ReadEntry);
                    break;
                case "pages" when _level > 0 && items is null:
                    items = ReadArray<IPageItem>(ReadPage);
                    break;
                default:
                    Json.Skip();
                    break;
            }
        Expect(Json.TokenType, JsonToken.EndObject);
        if (items is null || _level > 0 && items.Count == 0)
            throw Fault("the page has no valid list of entries or pages");
        for (var i = 1; i < items.Count; i++)
            if (items[i - 1].Key >= items[i].Key)
                throw Fault($"'{items[i].Key}' is out of order");
        return new ManifestPage(_level, items);
    }

    private StoredObject ObjectOf(string text) =>
        PageFormat.IsThisObject(text)
            ? self ?? throw Fault("the page is in no object")
            : new StoredObject(DigestOf(text));

    private ManifestEntry ReadEntry()
    {
        var (path, uri) = ((string?)null, (string?)null);
        var target = TargetProperties.Unknown;
        Digest? digest = null;
        long? size = null;
        var (executable, offset) = (false, 0L);
        int? source = null;
        var (encoding, encodedLength) = (BlobEncoding.Raw, 0);
        while (Next() == JsonToken.PropertyName)
            switch ((string)Json.Value!)
            {
                case "path":
                    path = Text();
                    break;
                case "uri":
                    uri = Text();
                    break;
                case "sha256":
                    digest = DigestOf(Text());
                    break;
                case "size":
                    size = Number(long.MaxValue);
                    break;
                case "executable":
                    executable = Flag();
                    break;
                case "in":
                    source = (int)Number(_objects.Count - 1);
                    break;
                case "at":
                    offset = Number(long.MaxValue);
                    break;
                case "stored":
                    (encoding, encodedLength) = (BlobEncoding.Zstandard, (int)Number(int.MaxValue));
                    break;
                case "chunks":
                    (encoding, encodedLength) = (BlobEncoding.Chunked, (int)Number(ChunkList.MaxLength));
                    break;
                default:
                    target = ReadTarget(target);
                    break;
            }
        Expect(Json.TokenType, JsonToken.EndObject);
        if (path is null)
            throw Fault("an entry has no path");
        var key = EntryPath.Parse(path);
        if (uri is not null)
            return ManifestEntry.ReferenceTo(key, uri, digest, target with { Size = size });
        if (digest is not { } content || size is not { } length)
            throw Fault($"'{path}' lacks a digest or a size");
        var container = source is { } index ? _objects[index] : new StoredObject(content);
        var location = Check(path, content, length, new BlobLocation(container, offset, encoding, encodedLength));
        return ManifestEntry.File(key, new Blob(content, length, location), executable);
    }

    private bool Flag()
    {
        Expect(Next(), JsonToken.Boolean);
        return (bool)Json.Value!;
    }

    // Reads a property of a reference's target, or skips another one.
    private TargetProperties ReadTarget(TargetProperties target)
    {
        switch ((string)Json.Value!)
        {
            case "etag":
                return target with { ETag = Text() };
            case "version":
                return target with { VersionId = Text() };
            case "modified":
                return target with { LastModified = Seconds(Text()) };
            default:
                Json.Skip();
                return target;
        }
    }

    // The digest has whole seconds.
    private DateTimeOffset Seconds(string text) =>
        Timestamp.Parse(text) is var time && time.Ticks % TimeSpan.TicksPerSecond == 0
            ? time
            : throw Fault($"'{text}' is not a whole second");

    private BlobLocation Check(string path, Digest digest, long size, BlobLocation location) =>
        size == 0 ? EmptyLocation(path, digest) : CheckLocation(size, location);

    private BlobLocation EmptyLocation(string path, Digest digest) =>
        digest == Digest.OfNothing
            ? default
            : throw Fault($"'{path}' is empty, but its digest isn't that of empty content");

    // A frame is shorter than its content: the size of the content bounds the memory for both.
    private BlobLocation CheckLocation(long size, BlobLocation location) =>
        location.Encoding != BlobEncoding.Raw && location.EncodedLength == 0
        || location.Encoding == BlobEncoding.Zstandard && location.EncodedLength >= size
            ? throw Fault($"the stored length {location.EncodedLength} is out of range")
        : location.Offset > long.MaxValue - location.StoredLength(size)
            ? throw Fault($"the offset {location.Offset} is out of range")
        : location;

    private PageReference ReadPage()
    {
        string? first = null;
        Digest? digest = null;
        long? entries = null;
        long? size = null;
        int? source = null;
        long offset = 0;
        long length = 0;
        long? stored = null;
        while (Next() == JsonToken.PropertyName)
            switch ((string)Json.Value!)
            {
                case "first":
                    first = Text();
                    break;
                case "digest":
                    digest = DigestOf(Text());
                    break;
                case "entries":
                    entries = Number(long.MaxValue);
                    break;
                case "size":
                    size = Number(long.MaxValue);
                    break;
                case "in":
                    source = (int)Number(_objects.Count - 1);
                    break;
                case "at":
                    offset = Number(long.MaxValue);
                    break;
                case "length":
                    length = Number(PageFormat.MaxLength);
                    break;
                case "stored":
                    stored = Number(PageFormat.MaxLength);
                    break;
                default:
                    Json.Skip();
                    break;
            }
        Expect(Json.TokenType, JsonToken.EndObject);
        if (first is null || digest is null || entries is null || size is null || source is null || length == 0)
            throw Fault("a page reference lacks a property");
        return new PageReference
        {
            First = EntryPath.Parse(first),
            Level = _level - 1,
            Digest = digest.Value,
            EntryCount = entries.Value,
            TotalSize = size.Value,
            Location = PageLocation.At(_objects[source.Value], offset, (int)length, stored),
            Length = (int)length,
        };
    }
}
