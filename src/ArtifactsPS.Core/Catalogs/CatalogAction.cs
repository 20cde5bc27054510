using ArtifactsPS.Core.Records;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>One thing that a transaction does to a catalog.</summary>
public abstract record CatalogAction
{
    /// <summary>The action in one line, as a history shows it.</summary>
    public abstract string Summary { get; }

    /// <summary>Whether it is about a version; removing an alias is about the artifact.</summary>
    public virtual bool Concerns(int version) => false;

    internal abstract JObject ToJson();

    /// <exception cref="InvalidDataException">It is no action that this version of the module knows.</exception>
    internal static CatalogAction FromJson(JObject json)
    {
        var action = json.RequiredText("action");
        return action switch
        {
            PublishAction.Kind => new PublishAction(VersionRecord.FromJson(json)),
            SetAliasAction.Kind => new SetAliasAction(json.RequiredText("alias"), Version(json)),
            RemoveAliasAction.Kind => new RemoveAliasAction(json.RequiredText("alias")),
            EditAction.Kind => EditAction.FromJson(Version(json), json),
            DeleteAction.Kind => new DeleteAction(Version(json)),
            RelocateAction.Kind => new RelocateAction(
                Version(json),
                RootPlace.FromJson(json.Required<JObject>("root"))
            ),
            _ => throw new InvalidDataException($"'{action}' is no action that this version of the module knows"),
        };
    }

    private static int Version(JObject json) => checked((int)json.RequiredNumber("version"));
}

/// <summary>Adds a version, and moves <c>latest</c> to it.</summary>
public sealed record PublishAction(VersionRecord Record) : CatalogAction
{
    internal const string Kind = "publish";

    public override string Summary => $"published v{Record.Number}";

    public override bool Concerns(int version) => version == Record.Number;

    internal override JObject ToJson()
    {
        var json = new JObject { ["action"] = Kind };
        json.Merge(Record.ToJson());
        return json;
    }
}

/// <summary>Puts an alias on a version, taking it off the one that had it.</summary>
public sealed record SetAliasAction(string Alias, int Version) : CatalogAction
{
    internal const string Kind = "alias";

    public override string Summary => $"alias {Alias} -> v{Version}";

    public override bool Concerns(int version) => version == Version;

    internal override JObject ToJson() =>
        new()
        {
            ["action"] = Kind,
            ["alias"] = Alias,
            ["version"] = Version,
        };
}

/// <summary>Takes an alias away.</summary>
public sealed record RemoveAliasAction(string Alias) : CatalogAction
{
    internal const string Kind = "unalias";

    public override string Summary => $"removed alias {Alias}";

    internal override JObject ToJson() => new() { ["action"] = Kind, ["alias"] = Alias };
}

/// <summary>Changes what is not content. What is null stays as it is.</summary>
public sealed record EditAction(int Version) : CatalogAction
{
    internal const string Kind = "edit";

    public string? Description { get; init; }

    public JObject? Metadata { get; init; }

    public IReadOnlyList<string> AddTags { get; init; } = [];

    public IReadOnlyList<string> RemoveTags { get; init; } = [];

    /// <summary>As <see cref="ExpiresAt"/>: takes the expiry away.</summary>
    public static DateTimeOffset Never => DateTimeOffset.MaxValue;

    /// <summary><see cref="Never"/> takes the expiry away.</summary>
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
            parts.AddRange(AddTags.Select(tag => "+" + tag));
            parts.AddRange(RemoveTags.Select(tag => "-" + tag));
            if (ExpiresAt is { } expiry)
                parts.Add(expiry == Never ? "no expiry" : "expires " + Timestamp.Format(expiry));
            return $"edited v{Version}: {string.Join(", ", parts)}";
        }
    }

    public override bool Concerns(int version) => version == Version;

    internal static EditAction FromJson(int version, JObject json) =>
        new(version)
        {
            Description = json.OptionalText("description"),
            Metadata = json["metadata"] as JObject,
            AddTags = Texts(json, "addTags"),
            RemoveTags = Texts(json, "removeTags"),
            ExpiresAt =
                json["expires"] is null ? null
                : json.OptionalText("expires") is { Length: > 0 } expiry ? Timestamp.Parse(expiry)
                : Never,
        };

    internal override JObject ToJson()
    {
        var json = new JObject { ["action"] = Kind, ["version"] = Version };
        if (Description is not null)
            json["description"] = Description;
        if (Metadata is not null)
            json["metadata"] = Metadata.DeepClone();
        if (AddTags.Count > 0)
            json["addTags"] = new JArray(AddTags);
        if (RemoveTags.Count > 0)
            json["removeTags"] = new JArray(RemoveTags);
        if (ExpiresAt is { } expiry)
            json["expires"] = expiry == Never ? "" : Timestamp.Format(expiry);
        return json;
    }

    private static string[] Texts(JObject json, string name) =>
        json[name] is JArray array ? array.Select(item => (string)item!).ToArray() : [];
}

/// <summary>Deletes a version; its number is not used again.</summary>
public sealed record DeleteAction(int Version) : CatalogAction
{
    internal const string Kind = "delete";

    public override string Summary => $"deleted v{Version}";

    public override bool Concerns(int version) => version == Version;

    internal override JObject ToJson() => new() { ["action"] = Kind, ["version"] = Version };
}

/// <summary>Says that a version's pages, and so its content, are elsewhere now; they are the same ones.</summary>
public sealed record RelocateAction(int Version, RootPlace Root) : CatalogAction
{
    internal const string Kind = "relocate";

    public override string Summary => $"relocated v{Version}";

    public override bool Concerns(int version) => version == Version;

    internal override JObject ToJson() =>
        new()
        {
            ["action"] = Kind,
            ["version"] = Version,
            ["root"] = Root.ToJson(),
        };
}
