using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Caching;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Opens another store that a record names. A registered store with the same id may be at another location by now.</summary>
public delegate Task<VersionStore> StoreOpener(StorePlace place, CancellationToken cancellationToken);

/// <summary>An open store as artifacts and versions, on top of an <see cref="IObjectStore"/> of keys and bytes.</summary>
public sealed class VersionStore
{
    private const int CatalogsReadAtOnce = 8;

    // Null for stores without a cache: reading a folder again costs almost nothing.
    private readonly CatalogCache? _cache;

    // Null for stores that can't tell whether a log is unchanged.
    private readonly CatalogMemory? _memory;

    // Null if rules for aliases find no signatures and no evidence.
    private readonly IVersionAttestations? _attestations;

    // Null if no other store can be opened.
    private readonly StoreOpener? _openStore;

    private VersionStore(IObjectStore objects, StoreRecord record)
    {
        _cache = objects is CachingObjectStore remote ? new CatalogCache(remote.Cache.Files, record.Id) : null;
        _memory = objects is IStampedStore stamped ? new CatalogMemory(stamped) : null;
        Objects = objects;
        Id = record.Id;
        Compression = record.Compression;
        Content = new ContentReader(objects);
        Pages = new PageReader(Content);
    }

    private VersionStore(
        VersionStore store,
        StoreOpener? openStore,
        Func<VersionStore, IVersionAttestations>? attestations
    )
    {
        _cache = store._cache;
        _memory = store._memory;
        Objects = store.Objects;
        Id = store.Id;
        Compression = store.Compression;
        Content = store.Content;
        Pages = store.Pages;
        SizeWhenCreated = store.SizeWhenCreated;
        _openStore = openStore;
        _attestations = attestations is null ? store._attestations : attestations(store);
    }

    /// <summary>Random id, given to the store when it was created: 32 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>Compression of new content, chosen when the store was created.</summary>
    public StoreCompression Compression { get; }

    public string Location => Objects.Location;

    /// <summary>The store as records of other stores name it.</summary>
    public StorePlace Place => new(Id, Location);

    public IObjectStore Objects { get; }

    public ContentReader Content { get; }

    public PageReader Pages { get; }

    /// <summary>Size of the store if it was just created; null if it existed before.</summary>
    public StoreSize? SizeWhenCreated { get; private init; }

    /// <summary>Creates a store. An existing store is opened as it is.</summary>
    /// <exception cref="StoreNotSupportedException">The file system or service doesn't honour create-if-absent.</exception>
    public static Task<VersionStore> CreateAsync(IObjectStore objects, CancellationToken cancellationToken) =>
        CreateAsync(objects, StoreCompression.Zstandard, cancellationToken);

    /// <summary>Creates a store. An existing store is opened as it is.</summary>
    /// <param name="compression">Compression of all content of a new store.</param>
    /// <exception cref="StoreNotSupportedException">The file system or service doesn't honour create-if-absent.</exception>
    public static async Task<VersionStore> CreateAsync(
        IObjectStore objects,
        StoreCompression compression,
        CancellationToken cancellationToken
    )
    {
        var record = new StoreRecord(Guid.NewGuid().ToString("N"), DateTimeOffset.UtcNow, compression);
        var bytes = SealedRecord.Encode(RecordFields.Write(StoreRecord.Map, record));
        if (objects is IProbedStore probed)
            await probed.ProbeAsync(cancellationToken).ConfigureAwait(false);
        return await objects.TryCreateAsync(StoreLayout.StoreRecord, bytes, cancellationToken).ConfigureAwait(false)
            ? new VersionStore(objects, record) { SizeWhenCreated = new StoreSize(0, 0, bytes.Length, 0) }
            : await OpenAsync(objects, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a store.</summary>
    /// <exception cref="StoreNotFoundException">There is no store.</exception>
    /// <exception cref="StoreFormatNotSupportedException">The store has a later format.</exception>
    public static async Task<VersionStore> OpenAsync(IObjectStore objects, CancellationToken cancellationToken)
    {
        var record =
            await SealedRecord.ReadAsync(objects, StoreLayout.StoreRecord, cancellationToken).ConfigureAwait(false)
            ?? throw new StoreNotFoundException(objects.Location);
        try
        {
            var json = record.ToJson();
            var format = RecordFields.Read<RecordFormat>(RecordFormat.Map, json).Number;
            return format == StoreRecord.Format
                ? new VersionStore(objects, RecordFields.Read<StoreRecord>(StoreRecord.Map, json))
                : throw new StoreFormatNotSupportedException(objects.Location, $"its format is {format}");
        }
        catch (InvalidDataException e)
        {
            throw new ObjectCorruptException(objects.Location, StoreLayout.StoreRecord, e.Message);
        }
    }

    /// <summary>The same store, whose rules for aliases find signatures and evidence.</summary>
    public VersionStore WithAttestations(Func<VersionStore, IVersionAttestations> attestations) =>
        new(this, _openStore, attestations);

    /// <summary>The same store, whose links find versions of other stores. Called before <see cref="WithAttestations"/>, which then
    /// finds those of other stores, too.</summary>
    public VersionStore WithOtherStores(StoreOpener openStore) => new(this, openStore, attestations: null);

    /// <summary>Opens the catalog of the artifact to which a name leads. It need not exist.</summary>
    public Catalog OpenCatalog(ArtifactName name) => new(Objects, name, _cache, _attestations);

    /// <summary>Opens the catalog with a key, wherever its name leads.</summary>
    internal Catalog OpenCatalog(ArtifactKey key) => new(Objects, key, _cache, _attestations);

    /// <summary>Opens the manifest of a version. If its content is in another store, that store is opened when the manifest is
    /// read.</summary>
    public Manifest OpenManifest(VersionRecord version) =>
        new(version.Root is LinkedRoot linked ? new LinkedPageReader(this, linked) : Pages, version.Root);

    /// <summary>Opens the store that a link names.</summary>
    /// <exception cref="LinkedStoreUnavailableException">It can't be opened, or another store is there.</exception>
    internal async Task<VersionStore> OpenLinkedAsync(LinkSource source, CancellationToken cancellationToken)
    {
        if (source.Store is not { } place)
            return this;
        try
        {
            return await TryOpenOtherAsync(place, cancellationToken).ConfigureAwait(false)
                ?? throw LinkedStoreUnavailableException.OfOtherStore(source, place);
        }
        catch (ArtifactsException e) when (e is not LinkedStoreUnavailableException)
        {
            throw new LinkedStoreUnavailableException(source, place, e);
        }
    }

    /// <summary>Opens a store that a record names.</summary>
    /// <returns>Null if another store is there.</returns>
    /// <exception cref="ArtifactsException">The store can't be opened.</exception>
    internal async Task<VersionStore?> TryOpenOtherAsync(StorePlace place, CancellationToken cancellationToken)
    {
        if (place.Id == Id)
            return this;
        if (_openStore is null)
            throw new StoreNotFoundException(place.Location);
        var opened = await _openStore(place, cancellationToken).ConfigureAwait(false);
        return opened.Id == place.Id ? opened : null;
    }

    /// <summary>Reads the state of an artifact that has live versions.</summary>
    /// <exception cref="ArtifactNotFoundException">The artifact has no live version.</exception>
    public async Task<CatalogState> ReadCatalogAsync(ArtifactName name, CancellationToken cancellationToken)
    {
        var state = await OpenCatalog(name).ReadAsync(cancellationToken).ConfigureAwait(false);
        return state.IsLive ? state : throw await NotFoundAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds the type of an artifact's versions.</summary>
    /// <exception cref="ArtifactTypeMissingException">The artifact has no live version, and so no type.</exception>
    public async Task<TypeName> FindTypeAsync(ArtifactName name, CancellationToken cancellationToken)
    {
        var state = await OpenCatalog(name).ReadAsync(cancellationToken).ConfigureAwait(false);
        return state is { IsLive: true, Type: { } type } ? type : throw new ArtifactTypeMissingException(name);
    }

    /// <summary>Creates the exception for a missing artifact. Its message names a similar one.</summary>
    public async Task<ArtifactNotFoundException> NotFoundAsync(ArtifactName name, CancellationToken cancellationToken)
    {
        try
        {
            var names = await ListNamesAsync(key => key != name.Key, cancellationToken).ConfigureAwait(false);
            var nearest = NearestName.Find(name.ToString(), names.Select(other => other.ToString()));
            var state = nearest is null
                ? null
                : await OpenCatalog(ArtifactName.Parse(nearest)).ReadAsync(cancellationToken).ConfigureAwait(false);
            return new ArtifactNotFoundException(name, Location, state is { IsLive: true } ? $"{state.Name}" : null);
        }
        catch (ArtifactsException)
        {
            // The missing artifact is the error to report; a user may read it without listing the store.
            return new ArtifactNotFoundException(name, Location);
        }
    }

    /// <summary>Finds a version.</summary>
    /// <exception cref="ArtifactNotFoundException">The artifact has no live version.</exception>
    /// <exception cref="ArtifactVersionNotFoundException">The artifact has no such version.</exception>
    public async Task<PublishedVersion> FindAsync(ArtifactReference reference, CancellationToken cancellationToken)
    {
        var state = await ReadCatalogAsync(reference.Name, cancellationToken).ConfigureAwait(false);
        return await FindAsync(state, reference, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds a version in a state.</summary>
    /// <exception cref="ArtifactVersionNotFoundException">The artifact has no such version.</exception>
    public async Task<PublishedVersion> FindAsync(
        CatalogState state,
        ArtifactReference reference,
        CancellationToken cancellationToken
    ) =>
        await state.FindAsync(reference, cancellationToken).ConfigureAwait(false) is { } record
            ? new PublishedVersion(this, state, record)
            : throw new ArtifactVersionNotFoundException(
                reference.ToString(),
                reference.Name,
                Location,
                reference.Alias is { } alias
                && NearestName.Find(alias.ToString(), state.Aliases.Keys.Select(other => other.ToString()))
                    is { } nearest
                    ? $"{reference.Name}:{nearest}"
                    : null
            );

    /// <summary>Lists the names that lead to artifacts, in lower case, sorted. Reads no catalog, and so includes former names,
    /// and artifacts without live versions.</summary>
    public async Task<IReadOnlyList<ArtifactName>> ListNamesAsync(
        Func<string, bool> matches,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await ListFoldersAsync(StoreLayout.Artifacts, matches, cancellationToken).ConfigureAwait(false)).Select(
                ArtifactName.Parse
            ),
        ];

    /// <summary>Lists the keys of all artifacts, sorted. Reads no catalog.</summary>
    internal async Task<IReadOnlyList<ArtifactKey>> ListKeysAsync(CancellationToken cancellationToken) =>
        [.. (await ListNamesAsync(_ => true, cancellationToken).ConfigureAwait(false)).Select(ArtifactKey.Of)];

    /// <summary>Reads the states of all artifacts with live versions and a matching current name, sorted by name.</summary>
    /// <param name="matches">Gets the name in lower case.</param>
    public IAsyncEnumerable<CatalogState> ReadCatalogsAsync(
        Func<string, bool> matches,
        CancellationToken cancellationToken
    ) =>
        _memory is { } memory
            ? ReadStartedAsync(
                matches,
                // Finding a state takes less time than starting a task.
                name =>
                    memory.Find(name) is { } known
                        ? Task.FromResult(known)
                        : Task.Run(
                            () => memory.ReadAsync(OpenCatalog(name), name, cancellationToken),
                            cancellationToken
                        ),
                cancellationToken
            )
            : ReadCatalogsAsync(matches, name => OpenCatalog(name).ReadAsync(cancellationToken), cancellationToken);

    /// <param name="read">Reads the state of an artifact. Called for several at once.</param>
    /// <inheritdoc cref="ReadCatalogsAsync(Func{string, bool}, CancellationToken)"/>
    public IAsyncEnumerable<CatalogState> ReadCatalogsAsync(
        Func<string, bool> matches,
        Func<ArtifactName, Task<CatalogState>> read,
        CancellationToken cancellationToken
    ) => ReadStartedAsync(matches, name => Task.Run(() => read(name), cancellationToken), cancellationToken);

    private async IAsyncEnumerable<CatalogState> ReadStartedAsync(
        Func<string, bool> matches,
        Func<ArtifactName, Task<CatalogState>> start,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var names = await ListNamesAsync(matches, cancellationToken).ConfigureAwait(false);
        var renamed = new List<CatalogState>();
        var returned = new HashSet<ArtifactKey>();
        await foreach (
            var (name, state) in InParallel.SelectAsync(names, CatalogsReadAtOnce, start).ConfigureAwait(false)
        )
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (state.IsLive && state.Name != name)
                renamed.Add(state);
            else if (state.IsLive && returned.Add(state.Key))
                yield return state;
        }
        // Their current names were listed, unless they have changed since.
        foreach (var state in renamed)
            if (matches(state.Name.Key) && returned.Add(state.Key))
                yield return state;
    }

    /// <summary>Lists the matching names directly below a folder of keys, sorted. Skips folders whose names no key of a store
    /// can have: some file servers create their own in every folder.</summary>
    internal async Task<IReadOnlyList<string>> ListFoldersAsync(
        string prefix,
        Func<string, bool> matches,
        CancellationToken cancellationToken
    )
    {
        var names = new List<string>();
        await foreach (var name in Objects.ListFoldersAsync(prefix, cancellationToken).ConfigureAwait(false))
            if (ArtifactName.TryParseKey(name, out _) && matches(name))
                names.Add(name);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>Measures the store. Costs a listing of all keys, and reading all versions of each artifact.</summary>
    public async Task<StoreSize> MeasureAsync(CancellationToken cancellationToken)
    {
        var artifacts = new HashSet<ArtifactKey>();
        long objects = 0;
        long bytes = 0;
        await foreach (var key in Objects.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            bytes += key.Length;
            if (key.Key.StartsWith(StoreLayout.Objects, StringComparison.Ordinal))
                objects++;
            else if (StoreLayout.LogKeyOwner(key.Key) is { } artifact)
                artifacts.Add(artifact);
        }
        var count = 0;
        long versionBytes = 0;
        var catalogs = InParallel.SelectAsync(
            artifacts,
            CatalogsReadAtOnce,
            artifact => Task.Run(() => MeasureCatalogAsync(artifact), cancellationToken)
        );
        await foreach (var (_, (isLive, size)) in catalogs.ConfigureAwait(false))
        {
            count += isLive ? 1 : 0;
            versionBytes = Sum(versionBytes, size);
        }
        return new StoreSize(count, objects, bytes, versionBytes);

        async Task<(bool IsLive, long VersionBytes)> MeasureCatalogAsync(ArtifactKey artifact)
        {
            var state = await OpenCatalog(artifact).ReadAsync(cancellationToken).ConfigureAwait(false);
            long total = 0;
            await foreach (var version in state.ReadVersionsAsync(cancellationToken).ConfigureAwait(false))
                total = Sum(total, version.Root.TotalSize);
            return (state.IsLive, total);
        }

        // The records of a hostile store can claim any size.
        static long Sum(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
    }
}

/// <summary>No type was given for an artifact without versions.</summary>
public sealed class ArtifactTypeMissingException(ArtifactName name)
    : ArtifactsException(
        $"The artifact '{name}' has no version yet, so it needs a type. Give one with -Type, such as -Type dataset.",
        name.ToString()
    )
{
    public override string ErrorId => "ArtifactTypeMissing";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

/// <summary>Size of a store.</summary>
/// <param name="Artifacts">Number of artifacts with live versions.</param>
/// <param name="Objects">Number of objects, needed or not.</param>
/// <param name="Bytes">Total length of all keys' values, in bytes.</param>
/// <param name="VersionBytes">Total size of the entries of all live versions, in bytes. Content that versions share counts for
/// each of them.</param>
public sealed record StoreSize(int Artifacts, long Objects, long Bytes, long VersionBytes);
