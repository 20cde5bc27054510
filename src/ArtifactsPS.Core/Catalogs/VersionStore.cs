using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Caching;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>An open store as artifacts and versions, above the <see cref="IObjectStore"/> of keys and bytes.</summary>
public sealed class VersionStore
{
    /// <summary>The key of the record that makes a folder or bucket a store.</summary>
    private const int Format = 1;
    private const int CatalogsReadAtOnce = 8;

    // Null where reading again costs next to nothing.
    private readonly CatalogCache? _remembered;

    private VersionStore(IObjectStore objects, string id)
    {
        _remembered = objects is CachingObjectStore far ? new CatalogCache(far.Cache.Files, id) : null;
        Objects = objects;
        Id = id;
        Content = new ContentReader(objects);
        Pages = new PageReader(Content);
    }

    /// <summary>Drawn when the store was made.</summary>
    public string Id { get; }

    public string Location => Objects.Location;

    public IObjectStore Objects { get; }

    public ContentReader Content { get; }

    public PageReader Pages { get; }

    /// <summary>What is in it, if it was made just now; null where it was there already.</summary>
    public StoreSize? SizeWhenMade { get; private init; }

    /// <summary>Makes a store; one that is there already is opened as it is.</summary>
    /// <exception cref="StoreNotSupportedException">What is below can't keep what a store promises.</exception>
    public static async Task<VersionStore> CreateAsync(IObjectStore objects, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        var record = SealedRecord.Encode(
            new JObject
            {
                ["format"] = Format,
                ["id"] = id,
                ["created"] = Timestamp.Format(DateTimeOffset.UtcNow),
            }
        );
        if (objects is IProbedStore probed)
            await probed.ProbeAsync(cancellationToken).ConfigureAwait(false);
        return await objects.TryCreateAsync(StoreLayout.StoreRecord, record, cancellationToken).ConfigureAwait(false)
            ? new VersionStore(objects, id) { SizeWhenMade = new StoreSize(0, 0, record.Length) }
            : await OpenAsync(objects, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a store.</summary>
    /// <exception cref="StoreNotFoundException">There is none.</exception>
    /// <exception cref="StoreFormatNotSupportedException">It is of a later format.</exception>
    public static async Task<VersionStore> OpenAsync(IObjectStore objects, CancellationToken cancellationToken)
    {
        var record =
            await SealedRecord.ReadAsync(objects, StoreLayout.StoreRecord, cancellationToken).ConfigureAwait(false)
            ?? throw new StoreNotFoundException(objects.Location);
        try
        {
            var json = record.ToJson();
            var format = json.RequiredNumber("format");
            return format == Format
                ? new VersionStore(objects, IdOf(json))
                : throw new StoreFormatNotSupportedException(objects.Location, $"its format is {format}");
        }
        catch (InvalidDataException e)
        {
            throw new ObjectCorruptException(objects.Location, StoreLayout.StoreRecord, e.Message);
        }
    }

    // It names a folder of the cache.
    private static string IdOf(JObject record) =>
        record.RequiredText("id") is var id && Guid.TryParseExact(id, "N", out _)
            ? id
            : throw new InvalidDataException("its id is none");

    /// <summary>An artifact's log, whether or not there is such an artifact.</summary>
    public Catalog OpenCatalog(string name) => new(Objects, Names.CheckName(name), _remembered);

    /// <summary>A version's entries.</summary>
    public Manifest OpenManifest(VersionRecord version) => new(Pages, version.Root);

    /// <summary>Reads the state of an artifact that has live versions.</summary>
    /// <exception cref="ArtifactNotFoundException">There is no such artifact.</exception>
    public async Task<CatalogState> ReadCatalogAsync(string name, CancellationToken cancellationToken)
    {
        var state = await OpenCatalog(name).ReadAsync(cancellationToken).ConfigureAwait(false);
        return state.IsLive ? state : throw new ArtifactNotFoundException(name, Location);
    }

    /// <summary>Finds a version.</summary>
    /// <exception cref="ArtifactNotFoundException">There is no such artifact.</exception>
    /// <exception cref="ArtifactVersionNotFoundException">It has no such version.</exception>
    public async Task<PublishedVersion> FindAsync(ArtifactReference reference, CancellationToken cancellationToken)
    {
        var state = await ReadCatalogAsync(reference.Name, cancellationToken).ConfigureAwait(false);
        return Find(state, reference);
    }

    /// <summary>Finds a version in a state that was read.</summary>
    /// <exception cref="ArtifactVersionNotFoundException">There is no such version.</exception>
    public PublishedVersion Find(CatalogState state, ArtifactReference reference) =>
        state.Find(reference) is { } record
            ? new PublishedVersion(this, state, record)
            : throw new ArtifactVersionNotFoundException(reference.ToString(), reference.Name, Location);

    /// <summary>Lists the names of artifacts, in lower case and sorted, without reading anything of them: also of those that
    /// have no live version any more.</summary>
    public Task<IReadOnlyList<string>> ListNamesAsync(
        Func<string, bool> matches,
        CancellationToken cancellationToken
    ) => ListFoldersAsync(StoreLayout.Artifacts, matches, cancellationToken);

    /// <summary>Reads the states of all artifacts that have live versions and whose name matches, sorted by name.</summary>
    /// <param name="matches">Asked with the name in lower case.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async IAsyncEnumerable<CatalogState> ReadCatalogsAsync(
        Func<string, bool> matches,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var names = await ListNamesAsync(matches, cancellationToken).ConfigureAwait(false);
        var states = ReadEachAsync(names, name => OpenCatalog(name).ReadAsync(cancellationToken), cancellationToken);
        await foreach (var state in states.ConfigureAwait(false))
            if (state.IsLive)
                yield return state;
    }

    /// <summary>Lists the names directly below a key's folder that match, sorted. Folders of other names are none of the
    /// store's: some servers put their own into every one.</summary>
    internal async Task<IReadOnlyList<string>> ListFoldersAsync(
        string prefix,
        Func<string, bool> matches,
        CancellationToken cancellationToken
    )
    {
        var names = new List<string>();
        await foreach (var name in Objects.ListFoldersAsync(prefix, cancellationToken).ConfigureAwait(false))
            if (IsKeyOfName(name) && matches(name))
                names.Add(name);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>Counts what is in the store, for a listing of all its keys and mostly one read an artifact.</summary>
    public async Task<StoreSize> MeasureAsync(CancellationToken cancellationToken)
    {
        var lastTransactions = new Dictionary<string, long>(StringComparer.Ordinal);
        long objects = 0;
        long bytes = 0;
        await foreach (var key in Objects.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            bytes += key.Length;
            if (key.Key.StartsWith(StoreLayout.Objects, StringComparison.Ordinal))
                objects++;
            else if (StoreLayout.Transaction(key.Key) is var (name, number) && IsKeyOfName(name))
                lastTransactions[name] = Math.Max(
                    number,
                    lastTransactions.TryGetValue(name, out var other) ? other : 0
                );
        }
        var artifacts = 0;
        var areLive = ReadEachAsync(
            lastTransactions,
            last => OpenCatalog(last.Key).IsLiveAsync(last.Value, cancellationToken),
            cancellationToken
        );
        await foreach (var isLive in areLive.ConfigureAwait(false))
            artifacts += isLive ? 1 : 0;
        return new StoreSize(artifacts, objects, bytes);
    }

    private static bool IsKeyOfName(string name) => Names.FaultOfKey(name) is null && Names.KeyOf(name) == name;

    // Several at once, in their order.
    private static async IAsyncEnumerable<TResult> ReadEachAsync<TItem, TResult>(
        IEnumerable<TItem> items,
        Func<TItem, Task<TResult>> read,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var reading = new Queue<Task<TResult>>();
        foreach (var item in items)
        {
            reading.Enqueue(Task.Run(() => read(item), cancellationToken));
            if (reading.Count == CatalogsReadAtOnce)
                yield return await reading.Dequeue().ConfigureAwait(false);
        }
        while (reading.Count > 0)
            yield return await reading.Dequeue().ConfigureAwait(false);
    }
}

/// <summary>What is in a store.</summary>
/// <param name="Artifacts">How many artifacts have live versions.</param>
/// <param name="Objects">How many objects there are, needed or not.</param>
/// <param name="Bytes">What all keys come to.</param>
public sealed record StoreSize(int Artifacts, long Objects, long Bytes);

/// <summary>A version in a store, as it was when it was read.</summary>
public sealed class PublishedVersion(VersionStore store, CatalogState state, VersionRecord record)
{
    public VersionStore Store { get; } = store;

    public string Name { get; } = state.Name;

    public VersionRecord Record { get; } = record;

    /// <summary><c>latest</c> first, the others sorted.</summary>
    public IReadOnlyList<string> Aliases { get; } = state.AliasesOf(record.Number);

    /// <summary>Whether publishing found it there already.</summary>
    public bool Deduplicated { get; init; }

    /// <summary><c>name:v3</c>.</summary>
    public string Reference => $"{Name}:v{Record.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>The version's entries.</summary>
    public Manifest Manifest => Store.OpenManifest(Record);

    /// <summary>Whether it is live, and lies where it did when it was read.</summary>
    internal bool IsAsItWas(CatalogState now) =>
        now.Find(Record.Number) is { } live && RootPlace.AreSame(live.Root, Record.Root);

    /// <summary>Streams the chosen entries in the order of paths.</summary>
    public async IAsyncEnumerable<ManifestEntry> EntriesAsync(
        EntrySelector selector,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var entry in Manifest.EntriesAsync(selector.Prefix, cancellationToken).ConfigureAwait(false))
            if (selector.Matches(entry.Path))
                yield return entry;
    }
}
