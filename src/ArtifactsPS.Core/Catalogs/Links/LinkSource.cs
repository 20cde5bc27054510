using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Links;

/// <summary>Version whose content the version of a collection has. Both have the same digest.</summary>
/// <param name="Artifact">Key of the artifact.</param>
/// <param name="Name">Name of the artifact when the link was made.</param>
/// <param name="Version">Number of the version.</param>
public sealed record LinkSource(ArtifactKey Artifact, ArtifactName Name, int Version)
{
    /// <summary>Id of the store that has the version; null for the store of the link.</summary>
    public string? StoreId { get; init; }

    /// <summary>Location of the store when the link was made; null for the store of the link.</summary>
    public string? StoreLocation { get; init; }

    /// <summary>Whether the version is in the store of the link.</summary>
    public bool IsInSameStore => StoreId is null;

    /// <summary>Reference by number, such as <c>net:v3</c>.</summary>
    public string Reference => ArtifactReference.To(Name, Version).ToString();

    /// <summary>Whether this is a version of the store of the link.</summary>
    public bool Is(ArtifactKey artifact, int version) => IsInSameStore && Version == version && Artifact == artifact;

    /// <summary>Whether this is the same version. Its store may have another location now.</summary>
    public bool IsSame(LinkSource? other) =>
        other is not null && Version == other.Version && Artifact == other.Artifact && StoreId == other.StoreId;

    internal static LinkSource Map(RecordFields fields, LinkSource? value)
    {
        var name = fields.Name<ArtifactName>("name", value?.Name, ArtifactName.TryParse);
        var version = fields.Int32("version", value?.Version);
        // Present if the artifact had another name at first.
        var key = ArtifactKey.Of(name);
        var stored = fields.OptionalText(
            "artifact",
            value is null || value.Artifact == key ? null : $"{value.Artifact}"
        );
        if (stored is not null && !ArtifactKey.TryParse(stored, out key))
            throw new InvalidDataException("'link' is invalid");
        var source = new LinkSource(key, name, version)
        {
            StoreId = fields.OptionalText("store", value?.StoreId),
            StoreLocation = fields.OptionalText("location", value?.StoreLocation),
        };
        return source.StoreId is null == source.StoreLocation is null
            ? source
            : throw new InvalidDataException("'link' is invalid");
    }
}
