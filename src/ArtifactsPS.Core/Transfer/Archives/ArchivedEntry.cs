using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

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

    /// <exception cref="InvalidDataException">The JSON is not a valid entry.</exception>
    public static ArchivedEntry FromJson(JObject json)
    {
        var text = json.RequiredText("path");
        if (!EntryPath.TryParse(text, out var path))
            throw new InvalidDataException($"'{text}' is not a valid path of an entry");
        var uri = json.OptionalText("uri");
        return new ArchivedEntry
        {
            Path = path,
            Uri = uri,
            Digest = uri is not null && json["sha256"] is null ? null : json.RequiredDigest("sha256"),
            Size = uri is not null && json["size"] is null ? null : json.RequiredNumber("size"),
            Executable = json["executable"] is JValue { Value: true },
        };
    }
}
