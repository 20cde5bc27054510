using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Changes the description and tags of the artifact as a whole.</summary>
public sealed record EditArtifactAction : CatalogAction
{
    internal const string Kind = "describe";

    /// <summary>New description; empty for none, null to leave it unchanged.</summary>
    public string? Description { get; init; }

    public IReadOnlyList<TagName> AddTags { get; init; } = [];

    public IReadOnlyList<TagName> RemoveTags { get; init; } = [];

    /// <summary>Whether the action changes nothing of any artifact.</summary>
    public bool IsEmpty => Description is null && AddTags.Count == 0 && RemoveTags.Count == 0;

    public override string Summary
    {
        get
        {
            var parts = new List<string>();
            if (Description is not null)
                parts.Add("description");
            parts.AddRange(AddTags.Select(tag => $"+{tag}"));
            parts.AddRange(RemoveTags.Select(tag => $"-{tag}"));
            return $"edited the artifact: {string.Join(", ", parts)}";
        }
    }

    internal override string ActionName => Kind;

    /// <summary>Description after the action; null for none.</summary>
    internal string? DescriptionAfter(string? description) =>
        Description is null ? description
        : Description.Length == 0 ? null
        : Description;

    /// <summary>Tags after the action, in the order in which they were added.</summary>
    internal IReadOnlyList<TagName> TagsAfter(IReadOnlyList<TagName> tags) =>
        [.. tags.Concat(AddTags).Distinct().Where(tag => !RemoveTags.Contains(tag))];

    internal static EditArtifactAction Map(RecordFields fields, EditArtifactAction? value) =>
        new()
        {
            Description = fields.OptionalText("description", value?.Description),
            AddTags = fields.Names<TagName>("addTags", value?.AddTags, TagName.TryParse),
            RemoveTags = fields.Names<TagName>("removeTags", value?.RemoveTags, TagName.TryParse),
        };
}
