using System.Diagnostics;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Key <c>cleanup/&lt;id&gt;.json</c> that names the objects a clean-up is about to delete. A writer that needs such an
/// object waits until the key is removed, then checks that the object still exists. See <see cref="ObjectProtection"/>.
/// </summary>
internal sealed class CleanupAnnouncement
{
    /// <summary>Time after which a clean-up no longer deletes announced objects, counted from before the
    /// announcement.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>Age after which an announcement is attributed to a killed clean-up. It is much longer than
    /// <see cref="Lifetime"/>, because the clocks of the store and of this machine may differ.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromHours(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // Longest assumed duration of a pending request of the clean-up.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly IObjectStore _store;
    private readonly string _key;

    private CleanupAnnouncement(IObjectStore store, string key) => (_store, _key) = (store, key);

    /// <summary>Announces the deletion of objects.</summary>
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
            // The key may exist although the response was lost. Other processes would wait for it.
            await announcement.RemoveAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        return announcement;
    }

    /// <summary>Removes the announcement. The clean-up must not delete any of its objects afterwards.</summary>
    public Task RemoveAsync(CancellationToken cancellationToken) => _store.DeleteAsync(_key, cancellationToken);

    /// <summary>Waits until all current announcements that name any of the objects are removed or have expired.</summary>
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
            var current = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var key in store.ListAsync(StoreLayout.Cleanups, cancellationToken).ConfigureAwait(false))
                current.Add(key.Key);
            pending.RemoveAll(key => !current.Contains(key));
        }
        // A remaining announcement is older than its lifetime: its clean-up deletes nothing any more.
    }

    /// <summary>Checks that no other clean-up is running. Of two clean-ups that announce at the same time, at least one
    /// finds the other.</summary>
    /// <param name="own">Announcements that the caller has just created; not empty.</param>
    /// <returns>Time of the oldest own announcement, by the store's clock.</returns>
    /// <exception cref="CleanupRunningException">Another clean-up is running, or was killed recently.</exception>
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

    /// <summary>Lists the announcements of killed clean-ups.</summary>
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
            // A damaged announcement may name any object.
            return true;
        }
    }
}

/// <summary>Another clean-up of the store is running, or was killed recently.</summary>
public sealed class CleanupRunningException(string location)
    : ArtifactsException(
        $"Another clean-up of the artifact store '{location}' is running, or was killed within the last hour. "
            + "Nothing more was deleted. Run the command again later.",
        location
    )
{
    public override string ErrorId => "CleanupRunning";

    public override ErrorKind Kind => ErrorKind.ResourceBusy;
}
