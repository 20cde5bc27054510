using System.Text;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;

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
        foreach (var property in RecordFields.Write(ArchiveManifest.Map, ArchiveManifest.Of(version)).Properties())
            await property.WriteToAsync(json, cancellationToken).ConfigureAwait(false);
        await json.WritePropertyNameAsync("entries", cancellationToken).ConfigureAwait(false);
        await json.WriteStartArrayAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var entry in version.Manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
            // One entry a line.
            await json.WriteRawValueAsync(
                    RecordFields.Write(ArchivedEntry.Map, ArchivedEntry.Of(entry)).ToString(Formatting.None),
                    cancellationToken
                )
                .ConfigureAwait(false);
        await json.WriteEndArrayAsync(cancellationToken).ConfigureAwait(false);
        await json.WriteEndObjectAsync(cancellationToken).ConfigureAwait(false);
    }
}
