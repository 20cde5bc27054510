using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Links;

/// <summary>Marks a version before a collection links it. From then on, the version is protected from deletion.</summary>
/// <param name="Collection">Key of the collection.</param>
/// <param name="FirstVersion">Lowest number that the link can get in the collection.</param>
public sealed record LinkAction(int Version, ArtifactKey Collection, int FirstVersion) : CatalogAction
{
    internal const string Kind = "link";

    public override string Summary => $"linked v{Version} to {Collection}";

    public override bool Concerns(int version) => version == Version;

    internal override string ActionName => Kind;

    internal static LinkAction Map(RecordFields fields, LinkAction? value) =>
        new(
            fields.Int32("version", value?.Version),
            LinkMark.CollectionOf(fields.Text("collection", value?.Collection.ToString())),
            fields.Int32("first", value?.FirstVersion)
        );
}

/// <summary>Removes the mark of a collection from a version, after the link was removed.</summary>
/// <param name="Collection">Key of the collection.</param>
public sealed record UnlinkAction(int Version, ArtifactKey Collection) : CatalogAction
{
    internal const string Kind = "unlink";

    public override string Summary => $"unlinked v{Version} from {Collection}";

    public override bool Concerns(int version) => version == Version;

    internal override string ActionName => Kind;

    internal static UnlinkAction Map(RecordFields fields, UnlinkAction? value) =>
        new(
            fields.Int32("version", value?.Version),
            LinkMark.CollectionOf(fields.Text("collection", value?.Collection.ToString()))
        );
}
