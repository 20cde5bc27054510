using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>
/// Description of the version in an archive, without its entries. It is the file <c>artifact.json</c>. The version's files are
/// below <c>files/</c>, so that none can have that name. Its signatures and evidence are below <c>attestations/</c>, as in a
/// store.
/// </summary>
internal sealed record ArchiveManifest
{
    public const string FileName = "artifact.json";
    public const string FilesFolder = "files/";
    public const string AttestationsFolder = "attestations/";
    public const int Format = 1;

    /// <summary>Name of the artifact when it was exported. It may be imported under another one.</summary>
    public required string Name { get; init; }

    /// <summary>Number of the version when it was exported.</summary>
    public required int Version { get; init; }

    public required TypeName Type { get; init; }

    /// <summary>Digest of the version, against which the whole archive is checked.</summary>
    public required Digest Digest { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public string? Description { get; init; }

    public JObject? Metadata { get; init; }

    public IReadOnlyList<TagName> Tags { get; init; } = [];

    /// <summary>Describes a version.</summary>
    public static ArchiveManifest Of(PublishedVersion version) =>
        new()
        {
            Name = version.Name.ToString(),
            Version = version.Record.Number,
            Type = version.Record.Type,
            Digest = version.Record.Digest,
            CreatedAt = version.Record.CreatedAt,
            CreatedBy = version.Record.CreatedBy,
            Description = version.Record.Description,
            Metadata = version.Record.Metadata,
            Tags = version.Record.Tags,
        };

    public static ArchiveManifest Map(RecordFields fields, ArchiveManifest? value)
    {
        fields.Number("format", Format, Format);
        return new()
        {
            Name = fields.Text("name", value?.Name),
            Version = fields.Int32("version", value?.Version),
            Type = fields.Name<TypeName>("type", value?.Type, TypeName.TryParse),
            Digest = fields.Digest("digest", value?.Digest),
            CreatedAt = fields.Time("at", value?.CreatedAt),
            CreatedBy = fields.Text("by", value?.CreatedBy),
            Description = fields.OptionalText("description", value?.Description),
            Metadata = fields.OptionalJson("metadata", value?.Metadata),
            Tags = fields.Names<TagName>("tags", value?.Tags, TagName.TryParse),
        };
    }
}

/// <summary>A file is not an archive of a version, or is damaged.</summary>
public sealed class InvalidArchiveException(string path, string fault, Exception? inner = null)
    : ArtifactsException(
        $"The archive '{path}' can't be imported: {fault}. Nothing was published. Copy the archive again, or export the "
            + "version again with Export-Artifact.",
        path,
        inner
    )
{
    public override string ErrorId => "InvalidArchive";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}
