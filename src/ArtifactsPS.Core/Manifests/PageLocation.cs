using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Location of a stored page, as used in JSON records and caches.</summary>
/// <param name="Level">Level of the page in its tree.</param>
/// <param name="Object">Digest of the object that holds the page.</param>
/// <param name="Offset">Offset of the page's JSON in the object.</param>
/// <param name="Length">Length of the page's JSON in bytes.</param>
/// <param name="FrameLength">Length in bytes of the Zstandard frame that contains the JSON; 0 if it is not compressed.</param>
public readonly record struct PageLocation(int Level, Digest Object, long Offset, int Length, int FrameLength = 0)
{
    /// <exception cref="InvalidOperationException">The page is in a pack that is still being written.</exception>
    internal static PageLocation Of(PageReference page) =>
        new(page.Level, page.Location.Object.Digest, page.Location.Offset, page.Length, page.Location.EncodedLength);

    /// <summary>Whether two references have the same digest and location.</summary>
    internal static bool AreSame(PageReference page, PageReference other) =>
        page.Digest == other.Digest && Of(page) == Of(other);

    /// <summary>Creates a reference to the page at this location.</summary>
    internal PageReference ToReference(Digest digest, long entries, long size) =>
        new()
        {
            First = default,
            Level = Level,
            Digest = digest,
            EntryCount = entries,
            TotalSize = size,
            Location = At(new StoredObject(Object), Offset, Length, FrameLength == 0 ? null : FrameLength),
            Length = Length,
        };

    /// <summary>Describes the location alone, for a record that names the page's digest and totals elsewhere.</summary>
    internal JObject ToJson()
    {
        var json = new JObject
        {
            ["level"] = Level,
            ["in"] = Object.Hex,
            ["at"] = Offset,
            ["length"] = Length,
        };
        if (FrameLength > 0)
            json["stored"] = FrameLength;
        return json;
    }

    /// <exception cref="InvalidDataException">A property is missing or invalid.</exception>
    internal static PageLocation FromJson(JObject json)
    {
        var source = json.RequiredDigest("in");
        var offset = json.RequiredNumber("at");
        var length = (int)json.RequiredNumber("length", PageFormat.MaxLength);
        long? stored = json["stored"] is null ? null : json.RequiredNumber("stored");
        return new PageLocation(
            (int)json.RequiredNumber("level", PageFormat.MaxLevel),
            source,
            offset,
            length,
            At(new StoredObject(source), offset, length, stored).EncodedLength
        );
    }

    /// <summary>Location of a page's bytes.</summary>
    /// <param name="length">Length of its JSON.</param>
    /// <param name="stored">Length of its frame; null if it is not compressed.</param>
    /// <exception cref="InvalidDataException">The frame's length is out of range.</exception>
    internal static BlobLocation At(StoredObject source, long offset, int length, long? stored) =>
        stored is { } frameLength
            ? BlobLocation.OfFrame(source, offset, frameLength, length)
            : new BlobLocation(source, offset);

    /// <summary>Describes a page with its digest, totals and location.</summary>
    internal static JObject ToJson(PageReference page)
    {
        var json = new JObject
        {
            ["digest"] = page.Digest.Hex,
            ["level"] = page.Level,
            ["entries"] = page.EntryCount,
            ["size"] = page.TotalSize,
        };
        json.Merge(Of(page).ToJson());
        return json;
    }

    /// <summary>Reads a page that was described with its digest and totals.</summary>
    /// <exception cref="InvalidDataException">A property is missing or invalid.</exception>
    internal static PageReference ReferenceFromJson(JObject json) =>
        FromJson(json)
            .ToReference(json.RequiredDigest("digest"), json.RequiredNumber("entries"), json.RequiredNumber("size"));
}
