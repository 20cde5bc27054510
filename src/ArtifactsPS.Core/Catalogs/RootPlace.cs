using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Where the root page of a version's manifest lies.</summary>
/// <param name="Level">The page's level.</param>
/// <param name="Object">The object that holds it.</param>
/// <param name="Offset">In bytes from the object's beginning.</param>
/// <param name="Length">Of the page's JSON, in bytes.</param>
public sealed record RootPlace(int Level, Digest Object, long Offset, int Length)
{
    internal static RootPlace Of(PageReference root) =>
        new(root.Level, root.Location.Object!.Digest!.Value, root.Location.Offset, root.Length);

    /// <summary>Whether two references name the same page at the same place.</summary>
    internal static bool AreSame(PageReference page, PageReference other) =>
        page.Digest == other.Digest && Of(page) == Of(other);

    /// <summary>Names the page of a digest that lies there.</summary>
    internal PageReference Locate(Digest digest, long entries, long size) =>
        new()
        {
            First = default,
            Level = Level,
            Digest = digest,
            EntryCount = entries,
            TotalSize = size,
            Location = new BlobLocation(new ObjectHandle(Object), Offset),
            Length = Length,
        };

    internal JObject ToJson() =>
        new()
        {
            ["level"] = Level,
            ["in"] = Object.Hex,
            ["at"] = Offset,
            ["length"] = Length,
        };

    /// <exception cref="InvalidDataException">A property is missing or of the wrong kind.</exception>
    internal static RootPlace FromJson(JObject json) =>
        new(
            (int)json.RequiredNumber("level", PageFormat.MaxLevel),
            json.RequiredDigest("in"),
            json.RequiredNumber("at"),
            (int)json.RequiredNumber("length", PageFormat.MaxLength)
        );
}
