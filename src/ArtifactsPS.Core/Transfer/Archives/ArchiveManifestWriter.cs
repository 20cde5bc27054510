using System.Text;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>Writes the manifest of an archive: a JSON object whose last property lists the entries, sorted by path.</summary>
internal static class ArchiveManifestWriter
{
    private const int BufferSize = 1 << 16;

    public static async Task WriteAsync(PublishedVersion version, Stream stream, CancellationToken cancellationToken)
    {
        var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize)
        {
            NewLine = "\n",
        };
        using var json = new JsonTextWriter(text) { Formatting = Formatting.Indented };
        await json.WriteStartObjectAsync(cancellationToken).ConfigureAwait(false);
        foreach (var property in Describe(version).Properties())
            await property.WriteToAsync(json, cancellationToken).ConfigureAwait(false);
        await json.WritePropertyNameAsync("entries", cancellationToken).ConfigureAwait(false);
        await json.WriteStartArrayAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var entry in version.Manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
            // One entry a line.
            await json.WriteRawValueAsync(Describe(entry).ToString(Formatting.None), cancellationToken)
                .ConfigureAwait(false);
        await json.WriteEndArrayAsync(cancellationToken).ConfigureAwait(false);
        await json.WriteEndObjectAsync(cancellationToken).ConfigureAwait(false);
    }

    private static JObject Describe(PublishedVersion version)
    {
        var record = version.Record;
        var json = new JObject
        {
            ["format"] = ArchiveManifest.Format,
            ["name"] = version.Name.ToString(),
            ["version"] = record.Number,
            ["type"] = record.Type.ToString(),
            ["digest"] = record.Digest.Hex,
            ["at"] = Timestamp.Format(record.CreatedAt),
            ["by"] = record.CreatedBy,
        };
        new Notes(record.Description, record.Metadata, record.Tags).WriteTo(json);
        return json;
    }

    private static JObject Describe(ManifestEntry entry)
    {
        var json = new JObject { ["path"] = entry.Path.ToString() };
        if (entry.Digest is { } digest)
            json["sha256"] = digest.Hex;
        if (entry.Size is { } size)
            json["size"] = size;
        if (entry.Executable)
            json["executable"] = true;
        if (entry.Uri is not null)
            json["uri"] = entry.Uri;
        return json;
    }
}
