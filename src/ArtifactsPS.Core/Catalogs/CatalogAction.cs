using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>A single change of a catalog, part of a transaction.</summary>
public abstract record CatalogAction
{
    /// <summary>One line for the history.</summary>
    public abstract string Summary { get; }

    /// <summary>Whether the action changes a version; removing an alias changes the artifact only.</summary>
    public virtual bool Concerns(int version) => false;

    /// <summary>The stored name of the kind of action.</summary>
    internal abstract string ActionName { get; }

    internal static CatalogAction Map(RecordFields fields, CatalogAction? value) =>
        fields.Text("action", value?.ActionName) switch
        {
            PublishAction.Kind => PublishAction.Map(fields, value as PublishAction),
            SetAliasAction.Kind => SetAliasAction.Map(fields, value as SetAliasAction),
            RemoveAliasAction.Kind => RemoveAliasAction.Map(fields, value as RemoveAliasAction),
            EditAction.Kind => EditAction.Map(fields, value as EditAction),
            DeleteAction.Kind => DeleteAction.Map(fields, value as DeleteAction),
            RelocateAction.Kind => RelocateAction.Map(fields, value as RelocateAction),
            RestoreAction.Kind => RestoreAction.Map(fields, value as RestoreAction),
            ProtectAliasAction.Kind => ProtectAliasAction.Map(fields, value as ProtectAliasAction),
            UnprotectAliasAction.Kind => UnprotectAliasAction.Map(fields, value as UnprotectAliasAction),
            RefuseAliasAction.Kind => RefuseAliasAction.Map(fields, value as RefuseAliasAction),
            ClaimAction.Kind => ClaimAction.Map(fields, value as ClaimAction),
            RenameAction.Kind => RenameAction.Map(fields, value as RenameAction),
            EditArtifactAction.Kind => EditArtifactAction.Map(fields, value as EditArtifactAction),
            LinkAction.Kind => LinkAction.Map(fields, value as LinkAction),
            UnlinkAction.Kind => UnlinkAction.Map(fields, value as UnlinkAction),
            var name => throw new InvalidDataException($"'{name}' is an unknown action; a later module may know it"),
        };
}

/// <summary>Adds a version and moves <c>latest</c> to it.</summary>
public sealed record PublishAction(VersionRecord Record) : CatalogAction
{
    internal const string Kind = "publish";

    public override string Summary =>
        $"published v{Record.Number}" + (Record.Link is { } link ? $", a link to {link}" : "");

    public override bool Concerns(int version) => version == Record.Number;

    internal override string ActionName => Kind;

    internal static PublishAction Map(RecordFields fields, PublishAction? value) =>
        new(VersionRecord.Map(fields, value?.Record));
}

/// <summary>Sets an alias, or moves it from another version.</summary>
public sealed record SetAliasAction(AliasName Alias, int Version) : CatalogAction
{
    internal const string Kind = "alias";

    public override string Summary => $"alias {Alias} -> v{Version}";

    public override bool Concerns(int version) => version == Version;

    internal override string ActionName => Kind;

    internal static SetAliasAction Map(RecordFields fields, SetAliasAction? value) =>
        new(fields.Name<AliasName>("alias", value?.Alias, AliasName.TryParse), fields.Int32("version", value?.Version));
}

/// <summary>Removes an alias.</summary>
public sealed record RemoveAliasAction(AliasName Alias) : CatalogAction
{
    internal const string Kind = "unalias";

    public override string Summary => $"removed alias {Alias}";

    internal override string ActionName => Kind;

    internal static RemoveAliasAction Map(RecordFields fields, RemoveAliasAction? value) =>
        new(fields.Name<AliasName>("alias", value?.Alias, AliasName.TryParse));
}

/// <summary>Changes properties of a version other than its content. A null property is left unchanged.</summary>
public sealed record EditAction(int Version) : CatalogAction
{
    internal const string Kind = "edit";

    public string? Description { get; init; }

    public JObject? Metadata { get; init; }

    public IReadOnlyList<TagName> AddTags { get; init; } = [];

    public IReadOnlyList<TagName> RemoveTags { get; init; } = [];

    /// <summary>As <see cref="ExpiresAt"/>: removes the expiry.</summary>
    public static DateTimeOffset Never => DateTimeOffset.MaxValue;

    /// <summary>New expiry; <see cref="Never"/> removes it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public override string Summary
    {
        get
        {
            var parts = new List<string>();
            if (Description is not null)
                parts.Add("description");
            if (Metadata is not null)
                parts.Add("metadata");
            parts.AddRange(AddTags.Select(tag => $"+{tag}"));
            parts.AddRange(RemoveTags.Select(tag => $"-{tag}"));
            if (ExpiresAt is { } expiry)
                parts.Add(expiry == Never ? "no expiry" : "expires " + Timestamp.Format(expiry));
            return $"edited v{Version}: {string.Join(", ", parts)}";
        }
    }

    public override bool Concerns(int version) => version == Version;

    internal override string ActionName => Kind;

    internal static EditAction Map(RecordFields fields, EditAction? value) =>
        new(fields.Int32("version", value?.Version))
        {
            Description = fields.OptionalText("description", value?.Description),
            Metadata = fields.OptionalJson("metadata", value?.Metadata),
            AddTags = fields.Names<TagName>("addTags", value?.AddTags, TagName.TryParse),
            RemoveTags = fields.Names<TagName>("removeTags", value?.RemoveTags, TagName.TryParse),
            ExpiresAt = MapExpiry(fields, value?.ExpiresAt),
        };

    // Stored as an empty text: the expiry is removed.
    private static DateTimeOffset? MapExpiry(RecordFields fields, DateTimeOffset? value) =>
        fields.OptionalText(
            "expires",
            value is not { } time ? null
                : time == Never ? ""
                : Timestamp.Format(time)
        ) switch
        {
            null => null,
            "" => Never,
            var text => Timestamp.Parse(text),
        };
}

/// <summary>Deletes a version. Its number is never used for another version.</summary>
public sealed record DeleteAction(int Version) : CatalogAction
{
    internal const string Kind = "delete";

    public override string Summary => $"deleted v{Version}";

    public override bool Concerns(int version) => version == Version;

    internal override string ActionName => Kind;

    internal static DeleteAction Map(RecordFields fields, DeleteAction? value) =>
        new(fields.Int32("version", value?.Version));
}

/// <summary>Brings a deleted version back under its number. <c>latest</c> moves to it if no other version is live.</summary>
/// <param name="Record">The version as it was before it was deleted. An expiry that has passed is removed.</param>
public sealed record RestoreAction(VersionRecord Record) : CatalogAction
{
    internal const string Kind = "restore";

    public override string Summary => $"restored v{Record.Number}";

    public override bool Concerns(int version) => version == Record.Number;

    internal override string ActionName => Kind;

    internal static RestoreAction Map(RecordFields fields, RestoreAction? value) =>
        new(VersionRecord.Map(fields, value?.Record));
}

/// <summary>Records the new location of a version's pages. The content is unchanged.</summary>
public sealed record RelocateAction(int Version, PageLocation Root) : CatalogAction
{
    internal const string Kind = "relocate";

    public override string Summary => $"relocated v{Version}";

    public override bool Concerns(int version) => version == Version;

    internal override string ActionName => Kind;

    internal static RelocateAction Map(RecordFields fields, RelocateAction? value) =>
        new(
            fields.Int32("version", value?.Version),
            fields.Record("root", value?.Root, root => root.ToJson(), PageLocation.FromJson)
        );
}
