using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations;

/// <summary>
/// Signatures and evidence of versions. Each is a key that is written once and named by its digest:
/// <c>artifacts/&lt;name&gt;/attestations/&lt;version&gt;/&lt;sha256&gt;.json</c>. They are kept with the version, and its number is
/// used once.
/// </summary>
internal sealed class AttestationStore(IObjectStore store)
{
    /// <summary>Adds a record to a version.</summary>
    /// <returns>Its id. An equal record that exists is left unchanged.</returns>
    public Task<Digest> AddAsync(
        ArtifactKey artifact,
        int version,
        AttestationRecord record,
        CancellationToken cancellationToken
    ) => AddAsync(artifact, version, record.Encode(), cancellationToken);

    /// <summary>Reads the records of a version. A link also has those of the version that it links, even if that one was deleted:
    /// both have the same content. A copy has its own.</summary>
    /// <exception cref="LinkedStoreUnavailableException">The linked version is in another store, which can't be
    /// opened.</exception>
    public static async Task<IReadOnlyList<StoredAttestation>> ListAsync(
        VersionStore store,
        ArtifactKey artifact,
        VersionRecord version,
        CancellationToken cancellationToken
    )
    {
        var attestations = new AttestationStore(store.Objects);
        var found = await attestations.ListAsync(artifact, version.Number, cancellationToken).ConfigureAwait(false);
        var sources = LinkChain.ReadAsync(store, version, cancellationToken);
        await foreach (var source in sources.ConfigureAwait(false))
        {
            var link = source.Source;
            var others = await new AttestationStore(source.Store.Objects)
                .ListAsync(link.Artifact, link.Version, cancellationToken)
                .ConfigureAwait(false);
            var known = found;
            found = [.. found, .. others.Where(other => known.All(stored => stored.Id != other.Id))];
        }
        return found;
    }

    /// <inheritdoc cref="ListAsync(VersionStore, ArtifactKey, VersionRecord, CancellationToken)"/>
    public static Task<IReadOnlyList<StoredAttestation>> ListAsync(
        PublishedVersion version,
        CancellationToken cancellationToken
    ) => ListAsync(version.Store, version.Key, version.Record, cancellationToken);

    /// <summary>Reads the records of a version itself, sorted by their ids.</summary>
    public async Task<IReadOnlyList<StoredAttestation>> ListAsync(
        ArtifactKey artifact,
        int version,
        CancellationToken cancellationToken
    )
    {
        var keys = new List<string>();
        var folder = StoreLayout.AttestationFolder(artifact, version);
        await foreach (var key in store.ListAsync(folder, cancellationToken).ConfigureAwait(false))
            keys.Add(key.Key);
        keys.Sort(StringComparer.Ordinal);
        var found = new List<StoredAttestation>(keys.Count);
        foreach (var key in keys)
            if (await ReadAsync(key, cancellationToken).ConfigureAwait(false) is { } stored)
                found.Add(stored);
        return found;
    }

    /// <summary>Reads a record.</summary>
    /// <returns>Null if the key is missing.</returns>
    public async Task<StoredAttestation?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var id = StoreLayout.AttestationDigest(key);
        try
        {
            var record = await SealedRecord
                .ReadAsync(store, key, AttestationRecord.MaxLength, SealedRecord.Decode, cancellationToken)
                .ConfigureAwait(false);
            if (record is null)
                return null;
            return record.Digest == id
                ? new StoredAttestation(key, id, AttestationRecord.Decode(record), null)
                : new StoredAttestation(key, id, null, "its name isn't its digest");
        }
        catch (Exception e) when (e is ObjectCorruptException or InvalidDataException)
        {
            return new StoredAttestation(key, id, null, (e as ObjectCorruptException)?.Fault ?? e.Message.TrimEnd('.'));
        }
    }

    /// <summary>Copies all readable records of a version to another place of the same content.</summary>
    public static async Task CopyAsync(
        PublishedVersion version,
        PublishedVersion copy,
        CancellationToken cancellationToken
    )
    {
        var target = new AttestationStore(copy.Store.Objects);
        var records = await ListAsync(version, cancellationToken).ConfigureAwait(false);
        foreach (var stored in records)
            if (stored.Record is { } record && record.VersionDigest == copy.Record.Digest)
                await target.AddAsync(copy.Key, copy.Record.Number, record, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds an encoded record to a version.</summary>
    /// <exception cref="InvalidDataException">The bytes are no record.</exception>
    internal async Task<Digest> AddAsync(
        ArtifactKey artifact,
        int version,
        byte[] encoded,
        CancellationToken cancellationToken
    )
    {
        var id = SealedRecord.Decode(encoded).Digest;
        await store
            .TryCreateAsync(StoreLayout.AttestationKey(artifact, version, id), encoded, cancellationToken)
            .ConfigureAwait(false);
        return id;
    }
}
