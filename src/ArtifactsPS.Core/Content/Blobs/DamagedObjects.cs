using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Objects that were found damaged or missing. A key <c>damaged/&lt;64 hex&gt;</c> marks each of them until the object
/// exists again. Writers don't reuse content of these objects, but store it again.
/// </summary>
internal static class DamagedObjects
{
    private const string Root = "damaged/";
    private const int BufferSize = 1 << 20;

    /// <summary>Lists the digests of objects that were found damaged or missing and don't exist again.</summary>
    public static Task<IReadOnlyCollection<Digest>> ListAsync(
        IObjectStore store,
        CancellationToken cancellationToken
    ) => ListAsync(store, [], cancellationToken);

    /// <inheritdoc cref="ListAsync(IObjectStore, CancellationToken)"/>
    /// <param name="missed">Unmarked objects that were missing in an earlier check. They are included if they still
    /// are.</param>
    public static async Task<IReadOnlyCollection<Digest>> ListAsync(
        IObjectStore store,
        IEnumerable<Digest> missed,
        CancellationToken cancellationToken
    )
    {
        var damaged = new HashSet<Digest>(missed);
        await foreach (var key in store.ListAsync(Root, cancellationToken).ConfigureAwait(false))
            if (Digest.TryParseHex(key.Key.AsSpan(Root.Length), out var digest))
                damaged.Add(digest);
        foreach (var digest in damaged.ToList())
            // A large file that is stored again becomes an object with the same digest.
            if (await store.ExistsAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false))
                damaged.Remove(digest);
        return damaged;
    }

    /// <summary>Lists the marks of objects that are no longer needed, or exist again.</summary>
    /// <param name="before">Marks that were created later are left out.</param>
    public static async Task<IReadOnlyList<StoredKey>> ListObsoleteAsync(
        IObjectStore store,
        DateTimeOffset before,
        Func<Digest, bool> isNeeded,
        CancellationToken cancellationToken
    )
    {
        var damaged = await ListAsync(store, cancellationToken).ConfigureAwait(false);
        var obsolete = new List<StoredKey>();
        await foreach (var key in store.ListAsync(Root, cancellationToken).ConfigureAwait(false))
            if (
                key.LastModified <= before
                && Digest.TryParseHex(key.Key.AsSpan(Root.Length), out var digest)
                && !(damaged.Contains(digest) && isNeeded(digest))
            )
                obsolete.Add(key);
        return obsolete;
    }

    /// <summary>Marks an object as damaged or missing. Its remaining bytes move to the mark, which makes its own key
    /// available.</summary>
    public static async Task MoveAsideAsync(IObjectStore store, Digest digest, CancellationToken cancellationToken)
    {
        var key = StoreLayout.ObjectKey(digest);
        var staged = await store.StageAsync(cancellationToken).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            await CopyAsync(store, key, staged, cancellationToken).ConfigureAwait(false);
            await staged.CommitAsync(Root + digest.Hex, cancellationToken).ConfigureAwait(false);
        }
        // Deleted last: after a crash before this line, the next check finds the object damaged again.
        await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
    }

    private static async Task CopyAsync(
        IObjectStore store,
        string key,
        IStagedObject target,
        CancellationToken cancellationToken
    )
    {
        using var source = await store.OpenReadAsync(key, 0, length: null, cancellationToken).ConfigureAwait(false);
        if (source is null)
            return;
        var buffer = new byte[BufferSize];
        while (
            await source.ReadFullyAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)
                is > 0
                    and var read
        )
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
    }
}
