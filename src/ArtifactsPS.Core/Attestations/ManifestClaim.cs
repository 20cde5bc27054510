using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations;

/// <summary>Claims of a signer about a version that its content doesn't show: its name and number when it was signed, its type,
/// and the time.</summary>
internal sealed record ManifestClaim(ArtifactName Name, int Version, TypeName Type, DateTimeOffset SignedAt)
{
    /// <summary><c>net:v3</c>.</summary>
    public string Reference => ArtifactReference.To(Name, Version).ToString();

    public static ManifestClaim Of(PublishedVersion version, DateTimeOffset signedAt) =>
        new(version.Name, version.Record.Number, version.Record.Type, signedAt);

    public static ManifestClaim Map(RecordFields fields, ManifestClaim? value) =>
        new(
            fields.Name<ArtifactName>("name", value?.Name, ArtifactName.TryParse),
            fields.Int32("version", value?.Version),
            fields.Name<TypeName>("type", value?.Type, TypeName.TryParse),
            fields.Time("at", value?.SignedAt)
        );
}
