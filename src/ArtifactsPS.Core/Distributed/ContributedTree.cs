using System.Text;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Records;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Distributed;

/// <summary>
/// Tree of the entries that a contribution adds. The record of the contribution contains a small tree, so that a thousand small
/// contributions are merged without reading a page. The pages of other trees are stored as those of a version.
/// </summary>
internal static class ContributedTree
{
    // Longer pages are compressed, and not read with every record.
    private const int MaxLength = 4 << 10;

    // JSON of an entry without its path.
    private const int EntryLength = 160;

    /// <summary>Makes the content of a tree durable, and stores its pages unless the record contains them.</summary>
    /// <returns>The tree, with its content and pages at their places.</returns>
    public static async Task<TreePage> StoreAsync(
        StoreWriter writer,
        TreePage tree,
        CancellationToken cancellationToken
    )
    {
        if (!IsSmall(tree))
            return await writer.StoreTreeAsync(tree, cancellationToken).ConfigureAwait(false);
        await writer.MakeDurableAsync(cancellationToken).ConfigureAwait(false);
        return tree;
    }

    /// <summary>Entries of a tree that its record contains; null if its pages are stored.</summary>
    public static IEnumerable<ManifestEntry>? EntriesOf(TreePage tree) =>
        (tree as UnstoredPage)?.Content.Items.Cast<ManifestEntry>();

    public static JObject ToJson(TreePage tree) =>
        tree is UnstoredPage page
            ? SealedRecord.Parse(Encoding.UTF8.GetString(PageFormat.Encode(page.Content, self: null).ToArray()))
            : PageLocation.ToJson((PageReference)tree);

    /// <exception cref="InvalidDataException">The JSON is not a tree.</exception>
    public static TreePage FromJson(JObject json)
    {
        if (json["entries"] is not JArray)
            return PageLocation.ReferenceFromJson(json);
        var text = json.ToString(Newtonsoft.Json.Formatting.None);
        var page = PageFormat.Decode(Encoding.UTF8.GetBytes(text), self: null);
        // The objects of chunks would be unknown to a clean-up.
        return page.Level == 0 && !page.Items.Any(item => ((ManifestEntry)item).Location.IsChunked)
            ? page.ToUnstoredPage()
            : throw new InvalidDataException("'adds' is not a page of entries without chunks");
    }

    private static bool IsSmall(TreePage tree)
    {
        if (tree.Level > 0 || EntriesOf(tree) is not { } entries)
            return false;
        var length = 0L;
        foreach (var entry in entries)
            if (entry.Location.IsChunked)
                return false;
            else
                length +=
                    EntryLength
                    + entry.Path.ToString().Length
                    + (entry.Uri?.Length ?? 0)
                    + (entry.Target?.ETag?.Length ?? 0)
                    + (entry.Target?.VersionId?.Length ?? 0);
        return length <= MaxLength;
    }
}
