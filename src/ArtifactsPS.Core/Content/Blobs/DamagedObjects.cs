using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Objects that were found damaged or missing, and are known as such by a key <c>damaged/&lt;64 hex&gt;</c> until they are
/// there again: whoever stores content doesn't rely on them, but stores it anew.
/// </summary>
internal static class DamagedObjects
{
    private const string Root = "damaged/";
    private const int BufferSize = 1 << 20;

    /// <summary>Lists them.</summary>
    public static Task<IReadOnlyCollection<Digest>> ListAsync(
        IObjectStore store,
        CancellationToken cancellationToken
    ) => ListAsync(store, [], cancellationToken);

    /// <inheritdoc cref="ListAsync(IObjectStore, CancellationToken)"/>
    /// <param name="store">The store.</param>
    /// <param name="missed">Others that were missing when they were looked for; among them if they still are.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static async Task<IReadOnlyCollection<Digest>> ListAsync(
        IObjectStore store,
        IEnumerable<Digest> missed,
        CancellationToken cancellationToken
    )
    {
        var lost = new HashSet<Digest>(missed);
        await foreach (var key in store.ListAsync(Root, cancellationToken).ConfigureAwait(false))
            if (Digest.TryParseHex(key.Key.AsSpan(Root.Length), out var digest))
                lost.Add(digest);
        foreach (var digest in lost.ToList())
            // A file's object has the same name when it is stored again.
            if (await store.ExistsAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false))
                lost.Remove(digest);
        return lost;
    }

    /// <summary>Lists the keys of those that nothing needs, or that are there again.</summary>
    /// <param name="store">The store.</param>
    /// <param name="before">Since when the keys have been there at least.</param>
    /// <param name="isNeeded">Whether an object is needed.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static async Task<IReadOnlyList<StoredKey>> ListNeedlessAsync(
        IObjectStore store,
        DateTimeOffset before,
        Func<Digest, bool> isNeeded,
        CancellationToken cancellationToken
    )
    {
        var lost = await ListAsync(store, cancellationToken).ConfigureAwait(false);
        var needless = new List<StoredKey>();
        await foreach (var key in store.ListAsync(Root, cancellationToken).ConfigureAwait(false))
            if (
                key.LastModified <= before
                && Digest.TryParseHex(key.Key.AsSpan(Root.Length), out var digest)
                && !(lost.Contains(digest) && isNeeded(digest))
            )
                needless.Add(key);
        return needless;
    }

    /// <summary>Makes an object one of them: what is left of it is kept under that key, and its own key is free.</summary>
    public static async Task MoveAsideAsync(IObjectStore store, Digest digest, CancellationToken cancellationToken)
    {
        var key = StoreLayout.ObjectKey(digest);
        var staged = await store.StageAsync(cancellationToken).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            await CopyAsync(store, key, staged, cancellationToken).ConfigureAwait(false);
            await staged.CommitAsync(Root + digest.Hex, cancellationToken).ConfigureAwait(false);
        }
        // Only now: what follows a crash before finds the object damaged again.
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
