using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs.Links;

/// <summary>Root page of a version that has no content in its store: the pages and all content are those of a version in another
/// store. The digest is that of the version here, so that no other content can take its place.</summary>
public sealed class LinkedRoot : TreePage
{
    /// <summary>The version that has the content.</summary>
    public required LinkSource Source { get; init; }

    /// <summary>Root of a version that links another one in another store. If that one has no content either, this is the root
    /// of the version that has it.</summary>
    /// <param name="source">The linked version as its store has it.</param>
    internal static LinkedRoot To(TreePage source, LinkSource link) =>
        source as LinkedRoot
        ?? new LinkedRoot
        {
            First = default,
            Level = source.Level,
            Digest = source.Digest,
            EntryCount = source.EntryCount,
            TotalSize = source.TotalSize,
            Source = link,
        };
}

/// <summary>JSON of a version's root, in a record that names its digest and totals elsewhere.</summary>
internal static class VersionRoot
{
    private const string SourceName = "source";

    public static JObject ToJson(TreePage root) =>
        root is LinkedRoot linked
            ? new JObject { ["level"] = linked.Level, [SourceName] = RecordFields.Write(LinkSource.Map, linked.Source) }
            : PageLocation.Of((PageReference)root).ToJson();

    /// <exception cref="InvalidDataException">A member is missing or invalid.</exception>
    public static TreePage FromJson(JObject json, Digest digest, long entries, long size)
    {
        if (json[SourceName] is not { } stored)
            return PageLocation.FromJson(json).ToReference(digest, entries, size);
        var source = RecordFields.Read<LinkSource>(
            LinkSource.Map,
            stored as JObject ?? throw new InvalidDataException("'source' is invalid")
        );
        return new LinkedRoot
        {
            First = default,
            Level = (int)json.RequiredNumber("level", PageFormat.MaxLevel),
            Digest = digest,
            EntryCount = entries,
            TotalSize = size,
            Source = source.IsInSameStore ? throw new InvalidDataException("'source' names no store") : source,
        };
    }

    /// <summary>Whether two roots have the same digest and the same place.</summary>
    public static bool AreSame(TreePage root, TreePage other) =>
        (root, other) switch
        {
            (PageReference stored, PageReference otherStored) => PageLocation.AreSame(stored, otherStored),
            (LinkedRoot linked, LinkedRoot otherLinked) => linked.Digest == otherLinked.Digest
                && linked.Source.IsSame(otherLinked.Source),
            _ => false,
        };
}
