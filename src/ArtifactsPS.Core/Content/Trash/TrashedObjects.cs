using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Trash;

/// <summary>
/// Objects that a clean-up has condemned. They are in <c>trash/</c> until they are purged, and can be read and brought back.
/// </summary>
internal static class TrashedObjects
{
    // An object can move between the folders while they are searched.
    private const int Passes = 3;

    /// <summary>Opens the bytes of an object, wherever it is.</summary>
    /// <returns>A stream that the caller disposes, or null if the object is missing.</returns>
    public static Task<Stream?> OpenReadAsync(
        IObjectStore store,
        Digest digest,
        long offset,
        long? length,
        CancellationToken cancellationToken
    )
    {
        return SearchAsync(store, digest, OpenAsync, OpenAsync, cancellationToken);

        Task<Stream?> OpenAsync(string key) => store.OpenReadAsync(key, offset, length, cancellationToken);
    }

    /// <summary>Finds the length of an object, wherever it is.</summary>
    /// <returns>Length in bytes; null if it is missing.</returns>
    public static Task<long?> FindLengthAsync(IObjectStore store, Digest digest, CancellationToken cancellationToken)
    {
        return SearchAsync(store, digest, LengthOfAsync, LengthOfAsync, cancellationToken);

        Task<long?> LengthOfAsync(string key) => store.GetLengthAsync(key, cancellationToken);
    }

    /// <summary>Brings an object back to <c>objects/</c>, unless it is there.</summary>
    /// <returns>Length of the object in bytes; null if it is missing.</returns>
    public static Task<long?> EnsureAsync(IObjectStore store, Digest digest, CancellationToken cancellationToken)
    {
        var key = StoreLayout.ObjectKey(digest);
        return SearchAsync(store, digest, LengthOfAsync, RestoreAsync, cancellationToken);

        Task<long?> LengthOfAsync(string found) => store.GetLengthAsync(found, cancellationToken);

        async Task<long?> RestoreAsync(string trashed) =>
            await TryRestoreAsync(store, trashed, key, cancellationToken).ConfigureAwait(false)
                ? await LengthOfAsync(key).ConfigureAwait(false)
                : null;
    }

    /// <summary>Brings a condemned object back.</summary>
    /// <returns>False if it is not in the trash any more.</returns>
    /// <remarks>Where a move is not one step, the copy in the trash stays until it is purged: a late deletion by the
    /// clean-up that condemned the object can still remove it from <c>objects/</c>.</remarks>
    private static Task<bool> TryRestoreAsync(
        IObjectStore store,
        string trashed,
        string key,
        CancellationToken cancellationToken
    ) =>
        store.MovesAtomically
            ? store.TryMoveAsync(trashed, key, cancellationToken)
            : store.TryCopyAsync(trashed, key, cancellationToken);

    // Null from a function: the key is missing. An empty trash ends the search.
    private static async Task<T?> SearchAsync<T>(
        IObjectStore store,
        Digest digest,
        Func<string, Task<T?>> inObjects,
        Func<string, Task<T?>> inTrash,
        CancellationToken cancellationToken
    )
    {
        var key = StoreLayout.ObjectKey(digest);
        var found = await inObjects(key).ConfigureAwait(false);
        var isEmpty = false;
        for (var pass = 0; found is null && !isEmpty && pass < Passes; pass++)
        {
            isEmpty = true;
            var batches = store.ListFoldersAsync(StoreLayout.Trash, cancellationToken);
            await foreach (var batch in batches.ConfigureAwait(false))
            {
                isEmpty = false;
                found = await inTrash(StoreLayout.TrashKey(batch, digest)).ConfigureAwait(false);
                if (found is not null)
                    return found;
            }
            found = await inObjects(key).ConfigureAwait(false);
        }
        return found;
    }
}
