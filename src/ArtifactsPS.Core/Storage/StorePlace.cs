using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage;

/// <summary>Another store, as a record names it.</summary>
/// <param name="Id">Id of the store, which never changes.</param>
/// <param name="Location">Location of the store when the record was made, without secrets.</param>
public sealed record StorePlace(string Id, string Location)
{
    /// <summary>A reference to a version, and the store if it is another one: <c>net:v3 in /data/store</c>.</summary>
    /// <param name="store">Null for the same store.</param>
    public static string Qualify(string reference, StorePlace? store) =>
        store is null ? reference : $"{reference} in {store.Location}";

    /// <summary>Reads or writes a place as two members of a record: <c>store</c> and <c>location</c>.</summary>
    /// <returns>Null if the record has neither.</returns>
    /// <exception cref="InvalidDataException">The record has only one of them.</exception>
    internal static StorePlace? Map(RecordFields fields, StorePlace? value)
    {
        var id = fields.OptionalText("store", value?.Id);
        var location = fields.OptionalText("location", value?.Location);
        return (id, location) switch
        {
            (null, null) => null,
            ({ } known, { } at) => new StorePlace(known, at),
            _ => throw new InvalidDataException("'store' and 'location' belong together"),
        };
    }
}
