using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Links;

/// <summary>Marks a version before a collection links it. From then on, the version is protected from deletion.</summary>
public sealed record LinkAction(int Version, LinkMark Mark) : CatalogAction
{
    internal const string Kind = "link";

    public override string Summary =>
        $"linked v{Version} to {StorePlace.Qualify(Mark.Collection.ToString(), Mark.Store)}";

    public override bool Concerns(int version) => version == Version;

    internal override string ActionName => Kind;

    internal static LinkAction Map(RecordFields fields, LinkAction? value) =>
        new(fields.Int32("version", value?.Version), LinkMark.Map(fields, value?.Mark));
}

/// <summary>Removes the mark of a collection from a version, after the link was removed.</summary>
/// <param name="Collection">Key of the collection.</param>
public sealed record UnlinkAction(int Version, ArtifactKey Collection) : CatalogAction
{
    internal const string Kind = "unlink";

    /// <summary>Id of the store of the collection; null for the store of the version.</summary>
    public string? StoreId { get; init; }

    public override string Summary =>
        $"unlinked v{Version} from {Collection}{(StoreId is null ? "" : " in another store")}";

    public override bool Concerns(int version) => version == Version;

    internal override string ActionName => Kind;

    internal static UnlinkAction Map(RecordFields fields, UnlinkAction? value) =>
        new(
            fields.Int32("version", value?.Version),
            LinkMark.CollectionOf(fields.Text("collection", value?.Collection.ToString()))
        )
        {
            StoreId = fields.OptionalText("store", value?.StoreId),
        };
}
