using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>An entry in the manifest of an archive.</summary>
internal sealed record ArchivedEntry
{
    public required EntryPath Path { get; init; }

    /// <summary>Digest of the content; null for a reference that was not hashed.</summary>
    public Digest? Digest { get; private init; }

    /// <summary>Size in bytes; null for a reference of unknown size.</summary>
    public long? Size { get; private init; }

    public bool Executable { get; private init; }

    /// <summary>Target of a reference; null for a file.</summary>
    public string? Uri { get; private init; }

    /// <summary>What was known about the target of a reference.</summary>
    public TargetProperties Target { get; private init; } = TargetProperties.Unknown;

    /// <summary>Describes an entry.</summary>
    public static ArchivedEntry Of(ManifestEntry entry) =>
        new()
        {
            Path = entry.Path,
            Digest = entry.Digest,
            Size = entry.Size,
            Executable = entry.Executable,
            Uri = entry.Uri,
            Target = entry.Target ?? TargetProperties.Unknown,
        };

    public static ArchivedEntry Map(RecordFields fields, ArchivedEntry? value)
    {
        var text = fields.Text("path", value?.Path.ToString());
        var digest = fields.OptionalDigest("sha256", value?.Digest);
        var size = fields.OptionalNumber("size", value?.Size);
        var executable = fields.Flag("executable", value?.Executable);
        var uri = fields.OptionalText("uri", value?.Uri);
        var target = new TargetProperties
        {
            Size = size,
            ETag = fields.OptionalText("etag", value?.Target.ETag),
            VersionId = fields.OptionalText("version", value?.Target.VersionId),
            LastModified = fields.OptionalTime("modified", value?.Target.LastModified),
        };
        return new()
        {
            Path = EntryPath.TryParse(text, out var path)
                ? path
                : throw new InvalidDataException($"'{text}' is not a valid path of an entry"),
            Digest = digest ?? (uri is null ? throw new InvalidDataException("'sha256' is missing") : null),
            Size = size ?? (uri is null ? throw new InvalidDataException("'size' is missing") : null),
            Executable = executable,
            Uri = uri,
            Target = target,
        };
    }
}
