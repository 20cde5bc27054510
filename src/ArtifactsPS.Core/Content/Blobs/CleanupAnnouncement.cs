using System.Diagnostics;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// A key <c>cleanup/&lt;id&gt;.json</c> that names objects which a clean-up is about to delete. Whoever is about to rely on one
/// waits until it is gone, and looks then whether the object is still there. See <see cref="ObjectProtection"/>.
/// </summary>
internal sealed class CleanupAnnouncement
{
    /// <summary>A clean-up deletes nothing any more once so much time has passed since it began to announce it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>An announcement of this age, by the store's clock and this machine's, was left by a clean-up that was killed.
    /// It is so much longer because the clocks may differ.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromHours(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // A request of the clean-up may be on its way for so long.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly IObjectStore _store;
    private readonly string _key;

    private CleanupAnnouncement(IObjectStore store, string key) => (_store, _key) = (store, key);

    /// <summary>Announces that objects are about to be deleted.</summary>
    public static async Task<CleanupAnnouncement> CreateAsync(
        IObjectStore store,
        IEnumerable<Digest> objects,
        CancellationToken cancellationToken
    )
    {
        var key = $"{StoreLayout.Cleanups}{Guid.NewGuid():N}.json";
        var record = new JObject { ["objects"] = new JArray(objects.Select(digest => digest.Hex)) };
        var announcement = new CleanupAnnouncement(store, key);
        try
        {
            await store.TryCreateAsync(key, SealedRecord.Encode(record), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // It may be there nevertheless, the answer being lost; others would wait for it.
            await announcement.RemoveAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        return announcement;
    }

    /// <summary>Says that no more will be deleted of what it names.</summary>
    public Task RemoveAsync(CancellationToken cancellationToken) => _store.DeleteAsync(_key, cancellationToken);

    /// <summary>Waits until no announcement that is there now names any of these objects.</summary>
    public static async Task WaitAsync(
        IObjectStore store,
        IReadOnlyCollection<Digest> objects,
        CancellationToken cancellationToken
    )
    {
        var pending = new List<string>();
        await foreach (var key in store.ListAsync(StoreLayout.Cleanups, cancellationToken).ConfigureAwait(false))
            if (!IsStale(key) && await NamesAnyAsync(store, key.Key, objects, cancellationToken).ConfigureAwait(false))
                pending.Add(key.Key);
        var waited = Stopwatch.StartNew();
        var backOff = new BackOff(LongestPause, fixedShare: 1);
        while (pending.Count > 0 && waited.Elapsed < Lifetime + Margin)
        {
            await backOff.PauseAsync(FirstPause, cancellationToken).ConfigureAwait(false);
            var there = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var key in store.ListAsync(StoreLayout.Cleanups, cancellationToken).ConfigureAwait(false))
                there.Add(key.Key);
            pending.RemoveAll(key => !there.Contains(key));
        }
        // What is left was announced longer ago than a clean-up goes on: it was killed.
    }

    /// <summary>Makes sure that no other clean-up is at work. Two at once that announce both find the other.</summary>
    /// <param name="store">The store.</param>
    /// <param name="own">What was announced just now; not empty.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What time it was by the store's clock when they were created.</returns>
    /// <exception cref="CleanupRunningException">There is another one.</exception>
    public static async Task<DateTimeOffset> CheckAloneAsync(
        IObjectStore store,
        IReadOnlyList<CleanupAnnouncement> own,
        CancellationToken cancellationToken
    )
    {
        var created = DateTimeOffset.MaxValue;
        await foreach (var key in store.ListAsync(StoreLayout.Cleanups, cancellationToken).ConfigureAwait(false))
            if (own.Any(item => item._key == key.Key))
                created = key.LastModified < created ? key.LastModified : created;
            else if (!IsStale(key))
                throw new CleanupRunningException(store.Location);
        return created;
    }

    /// <summary>Lists the announcements that clean-ups left which were killed.</summary>
    public static async Task<IReadOnlyList<StoredKey>> ListStaleAsync(
        IObjectStore store,
        CancellationToken cancellationToken
    )
    {
        var stale = new List<StoredKey>();
        await foreach (var key in store.ListAsync(StoreLayout.Cleanups, cancellationToken).ConfigureAwait(false))
            if (IsStale(key))
                stale.Add(key);
        return stale;
    }

    private static bool IsStale(StoredKey key) => DateTimeOffset.UtcNow - key.LastModified > StaleAfter;

    private static async Task<bool> NamesAnyAsync(
        IObjectStore store,
        string key,
        IReadOnlyCollection<Digest> objects,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var record = await SealedRecord.ReadAsync(store, key, cancellationToken).ConfigureAwait(false);
            return record is not null
                && record
                    .ToJson()
                    .Required<JArray>("objects")
                    .Any(item =>
                        Digest.TryParseHex(((string?)item).AsSpan(), out var digest) && objects.Contains(digest)
                    );
        }
        catch (Exception e) when (e is ObjectCorruptException or InvalidDataException)
        {
            // It may name anything.
            return true;
        }
    }
}

/// <summary>Two clean-ups of a store can't be done at once.</summary>
public sealed class CleanupRunningException(string location)
    : ArtifactsException(
        $"Another clean-up of the artifact store '{location}' is going on, or was killed in the last hour. "
            + "Nothing more was deleted; run the command again later.",
        location
    )
{
    public override string ErrorId => "CleanupRunning";

    public override ErrorKind Kind => ErrorKind.ResourceBusy;
}
