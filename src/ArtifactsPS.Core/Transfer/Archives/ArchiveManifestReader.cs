using System.Text;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>Reads the manifest of an archive as a stream, in memory that doesn't grow with the number of entries. Throws
/// <see cref="InvalidDataException"/> for an invalid manifest.</summary>
internal sealed class ArchiveManifestReader(Stream stream) : IDisposable
{
    private const int MaxDepth = 64;

    private readonly BoundedTextReader _text = new(stream);
    private JsonTextReader? _json;

    /// <summary>Reads everything before the entries.</summary>
    public async Task<ArchiveManifest> ReadAsync(CancellationToken cancellationToken)
    {
        _json = new JsonTextReader(_text) { DateParseHandling = DateParseHandling.None, MaxDepth = MaxDepth };
        var header = new JObject();
        await ExpectAsync(JsonToken.StartObject, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            await ExpectAsync(JsonToken.PropertyName, cancellationToken).ConfigureAwait(false);
            var property = (string)_json.Value!;
            await NextAsync(cancellationToken).ConfigureAwait(false);
            if (property == "entries")
                break;
            header[property] = await JToken.LoadAsync(_json, cancellationToken).ConfigureAwait(false);
        }
        if (_json.TokenType != JsonToken.StartArray)
            throw new InvalidDataException("its entries are not a list");
        var format = RecordFields.Read<RecordFormat>(RecordFormat.Map, header).Number;
        return format == ArchiveManifest.Format
            ? RecordFields.Read<ArchiveManifest>(ArchiveManifest.Map, header)
            : throw new InvalidDataException($"its format is {format}, which this version of the module can't read");
    }

    /// <summary>Reads the next entry.</summary>
    /// <returns>Null after the last entry.</returns>
    public async Task<ArchivedEntry?> NextEntryAsync(CancellationToken cancellationToken)
    {
        _text.BeginPart();
        await NextAsync(cancellationToken).ConfigureAwait(false);
        if (_json!.TokenType == JsonToken.EndArray)
            return null;
        if (_json.TokenType != JsonToken.StartObject)
            throw new InvalidDataException("an entry is not an object");
        return RecordFields.Read<ArchivedEntry>(
            ArchivedEntry.Map,
            await JObject.LoadAsync(_json, cancellationToken).ConfigureAwait(false)
        );
    }

    public void Dispose()
    {
        (_json as IDisposable)?.Dispose();
        _text.Dispose();
    }

    private async Task ExpectAsync(JsonToken token, CancellationToken cancellationToken)
    {
        await NextAsync(cancellationToken).ConfigureAwait(false);
        if (_json!.TokenType != token)
            throw new InvalidDataException("it is not an object with a list of entries");
    }

    private async Task NextAsync(CancellationToken cancellationToken)
    {
        if (!await _json!.ReadAsync(cancellationToken).ConfigureAwait(false))
            throw new InvalidDataException("it is truncated");
    }

    /// <summary>Fails where one part of the manifest is longer than any valid one.</summary>
    private sealed class BoundedTextReader(Stream stream) : StreamReader(stream, Encoding.UTF8)
    {
        private const long MaxPartLength = 64 << 20;

        private long _read;

        public void BeginPart() => _read = 0;

        public override int Read(char[] buffer, int index, int count) => Count(base.Read(buffer, index, count));

        public override async Task<int> ReadAsync(char[] buffer, int index, int count) =>
            Count(await base.ReadAsync(buffer, index, count).ConfigureAwait(false));

        private int Count(int read)
        {
            _read += read;
            return _read <= MaxPartLength
                ? read
                : throw new InvalidDataException(
                    $"a part of it has more than {MaxPartLength >> 20} million characters"
                );
        }
    }
}
