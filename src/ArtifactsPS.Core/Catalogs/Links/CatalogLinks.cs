using System.Globalization;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs.Links;

/// <summary>Mark of a version that a collection links, or is about to. The link may have ended since: <see cref="LinkSearch"/>
/// compares the mark with the collection.</summary>
/// <param name="Collection">Key of the collection.</param>
/// <param name="FirstVersion">Lowest number that the link can have in the collection.</param>
public sealed record LinkMark(ArtifactKey Collection, int FirstVersion)
{
    /// <summary>The store of the collection; null for the store of the version.</summary>
    public StorePlace? Store { get; init; }

    /// <summary>Whether this is the mark of a collection.</summary>
    /// <param name="storeId">Id of the collection's store; null for the store of the version.</param>
    public bool IsOf(ArtifactKey collection, string? storeId) => Collection == collection && Store?.Id == storeId;

    internal static LinkMark Map(RecordFields fields, LinkMark? value) =>
        new(
            CollectionOf(fields.Text("collection", value?.Collection.ToString())),
            fields.Int32("first", value?.FirstVersion)
        )
        {
            Store = StorePlace.Map(fields, value?.Store),
        };

    /// <exception cref="InvalidDataException">The text is not a key.</exception>
    internal static ArtifactKey CollectionOf(string text) =>
        ArtifactKey.TryParse(text, out var key) ? key : throw new InvalidDataException($"'{text}' is not a collection");
}

/// <summary>Marks of an artifact's versions after replaying its transactions. Those of a deleted version stay, so that they come
/// back with it.</summary>
internal sealed class CatalogLinks
{
    private readonly SortedDictionary<int, List<LinkMark>> _marks = [];

    /// <summary>Numbers of the versions with marks, ascending, live or deleted.</summary>
    public IEnumerable<int> Versions => _marks.Keys;

    /// <summary>Marks of a version, in the order in which collections first linked it.</summary>
    public IReadOnlyList<LinkMark> Of(int version) => _marks.TryGetValue(version, out var marks) ? marks : [];

    /// <summary>Applies an action that sets or removes a mark.</summary>
    public void Apply(CatalogAction action)
    {
        if (action is LinkAction link)
            Add(link.Version, link.Mark);
        else if (action is UnlinkAction unlink)
            Remove(unlink);
    }

    private void Add(int version, LinkMark mark)
    {
        if (!_marks.TryGetValue(version, out var marks))
            _marks.Add(version, marks = []);
        if (marks.FindIndex(other => other.IsOf(mark.Collection, mark.Store?.Id)) is >= 0 and var index)
            marks[index] = mark;
        else
            marks.Add(mark);
    }

    private void Remove(UnlinkAction action)
    {
        if (!_marks.TryGetValue(action.Version, out var marks))
            return;
        marks.RemoveAll(mark => mark.IsOf(action.Collection, action.StoreId));
        if (marks.Count == 0)
            _marks.Remove(action.Version);
    }

    /// <summary>Writes the marks as a member of a checkpoint, if there are any.</summary>
    public JObject? ToJson() =>
        _marks.Count == 0
            ? null
            : new JObject(
                _marks.Select(item => new JProperty(
                    item.Key.ToString(CultureInfo.InvariantCulture),
                    new JArray(item.Value.Select(mark => RecordFields.Write(LinkMark.Map, mark)))
                ))
            );

    /// <exception cref="InvalidDataException">A member is invalid.</exception>
    public static CatalogLinks FromJson(JObject? json)
    {
        var links = new CatalogLinks();
        foreach (var version in json?.Properties() ?? [])
        {
            if (
                !int.TryParse(version.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || version.Value is not JArray marks
            )
                throw new InvalidDataException("'links' is invalid");
            foreach (var mark in marks)
                links.Add(
                    number,
                    RecordFields.Read<LinkMark>(
                        LinkMark.Map,
                        mark as JObject ?? throw new InvalidDataException("'links' is invalid")
                    )
                );
        }
        return links;
    }
}
