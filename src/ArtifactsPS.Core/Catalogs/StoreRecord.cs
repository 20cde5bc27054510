using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Record that makes a location a store. It is written once.</summary>
/// <param name="Id">Random id: 32 hexadecimal digits.</param>
/// <param name="Compression">Compression of all content.</param>
internal sealed record StoreRecord(string Id, DateTimeOffset CreatedAt, StoreCompression Compression)
{
    public const int Format = 1;

    private const string Zstandard = "zstd";
    private const string NoCompression = "none";

    /// <exception cref="InvalidDataException">A member is missing or invalid.</exception>
    public static StoreRecord Map(RecordFields fields, StoreRecord? value)
    {
        fields.Number("format", Format, Format);
        var id = fields.Text("id", value?.Id);
        // The id names a folder of the cache.
        if (!Guid.TryParseExact(id, "N", out _))
            throw new InvalidDataException("its id is invalid");
        return new StoreRecord(
            id,
            fields.Time("created", value?.CreatedAt),
            MapCompression(fields, value?.Compression)
        );
    }

    private static StoreCompression MapCompression(RecordFields fields, StoreCompression? value) =>
        fields.Text(
            "compression",
            value is null ? null
                : value == StoreCompression.None ? NoCompression
                : Zstandard
        ) switch
        {
            Zstandard => StoreCompression.Zstandard,
            NoCompression => StoreCompression.None,
            var other => throw new InvalidDataException($"its compression '{other}' is unknown"),
        };
}
