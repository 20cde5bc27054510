namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Writes a long log of an artifact quickly.</summary>
/// <param name="state">State after the log.</param>
internal sealed class GeneratedLog(MemoryObjectStore memory, CatalogState state)
{
    /// <summary>Opens the log of an existing artifact.</summary>
    public static async Task<GeneratedLog> OfAsync(MemoryObjectStore memory, string name) =>
        new(memory, await new Catalog(memory, ArtifactName.Parse(name)).ReadAsync(Token));

    /// <summary>Number of the last transaction.</summary>
    public long Last => state.LastTransaction;

    /// <summary>State after the log, as text.</summary>
    public string Text => state.Describe();

    /// <summary>Appends transactions, each of which publishes a version.</summary>
    public void ExtendTo(int transactions)
    {
        while (state.LastTransaction < transactions)
        {
            var bytes = Next().Encode();
            memory[KeyOf(state.LastTransaction + 1)] = bytes;
            var record = SealedRecord.Decode(bytes);
            state.Apply(CatalogTransaction.Decode(record), record.Digest);
            if (state.LastTransaction % CatalogCheckpoint.Interval != 0)
                continue;
            // Writes the last two checkpoints only, to save time.
            if (state.LastTransaction > transactions - (2 * CatalogCheckpoint.Interval))
                memory[StoreLayout.NumberedKey(StoreLayout.CheckpointFolder(state.Key), state.LastTransaction)] =
                    state.EncodeCheckpoint(
                        (page, bytes) =>
                            memory[StoreLayout.VersionPageKey(StoreLayout.VersionPageFolder(state.Key), page.Digest)] =
                                bytes
                    );
        }
    }

    /// <summary>Key of a transaction.</summary>
    public string KeyOf(long transaction) =>
        FormattableString.Invariant($"{StoreLayout.ArtifactFolder(state.Key)}log/{transaction:D12}.json");

    private CatalogTransaction Next()
    {
        var number = state.NextVersion;
        var content = Sha256.Of(BitConverter.GetBytes(number));
        var record = new VersionRecord
        {
            Number = number,
            Type = TypeName.Parse("dataset"),
            CreatedAt = DateTimeOffset.UnixEpoch.AddSeconds(number),
            CreatedBy = "user@machine",
            Root = new PageLocation(0, content, 0, 100).ToReference(content, 1, 4),
        };
        return new CatalogTransaction
        {
            Number = state.LastTransaction + 1,
            Id = Guid.NewGuid().ToString("N"),
            Name = state.Name,
            At = record.CreatedAt,
            By = record.CreatedBy,
            Previous = state.LastDigest,
            Actions = [new PublishAction(record)],
        };
    }
}
