using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Links;

/// <summary>Version whose content the version of a collection has. Both have the same digest.</summary>
/// <param name="Artifact">Key of the artifact.</param>
/// <param name="Name">Name of the artifact when the link was made.</param>
/// <param name="Version">Number of the version.</param>
public sealed record LinkSource(ArtifactKey Artifact, ArtifactName Name, int Version)
{
    /// <summary>The store that has the version; null for the store of the link.</summary>
    public StorePlace? Store { get; init; }

    /// <summary>Whether the version is in the store of the link.</summary>
    public bool IsInSameStore => Store is null;

    /// <summary>Reference by number, such as <c>net:v3</c>.</summary>
    public string Reference => ArtifactReference.To(Name, Version).ToString();

    /// <summary>The source of a version of a collection in a given store.</summary>
    public static LinkSource Of(PublishedVersion version, VersionStore store) =>
        new(version.Key, version.Name, version.Record.Number)
        {
            Store = version.Store.Id == store.Id ? null : version.Store.Place,
        };

    /// <summary>Whether this is the same version. Its store may have another location now.</summary>
    public bool IsSame(LinkSource? other) =>
        other is not null && Version == other.Version && Artifact == other.Artifact && Store?.Id == other.Store?.Id;

    /// <summary>The reference, and the store if it is another one: <c>net:v3 in /data/store</c>.</summary>
    public override string ToString() => StorePlace.Qualify(Reference, Store);

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
        return new LinkSource(key, name, version) { Store = StorePlace.Map(fields, value?.Store) };
    }
}
