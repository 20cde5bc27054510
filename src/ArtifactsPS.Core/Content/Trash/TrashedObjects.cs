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
    public static async Task<Stream?> OpenReadAsync(
        IObjectStore store,
        Digest digest,
        long offset,
        long? length,
        CancellationToken cancellationToken
    )
    {
        var key = StoreLayout.ObjectKey(digest);
        if (await store.OpenReadAsync(key, offset, length, cancellationToken).ConfigureAwait(false) is { } stream)
            return stream;
        for (var pass = 0; pass < Passes; pass++)
        {
            var batches = store.ListFoldersAsync(StoreLayout.Trash, cancellationToken);
            var isEmpty = true;
            await foreach (var batch in batches.ConfigureAwait(false))
            {
                isEmpty = false;
                var trashed = StoreLayout.TrashKey(batch, digest);
                stream = await store.OpenReadAsync(trashed, offset, length, cancellationToken).ConfigureAwait(false);
                if (stream is not null)
                    return stream;
            }
            stream = await store.OpenReadAsync(key, offset, length, cancellationToken).ConfigureAwait(false);
            if (stream is not null || isEmpty)
                return stream;
        }
        return null;
    }

    /// <summary>Finds the length of an object, wherever it is.</summary>
    /// <returns>Length in bytes; null if it is missing.</returns>
    public static async Task<long?> FindLengthAsync(
        IObjectStore store,
        Digest digest,
        CancellationToken cancellationToken
    )
    {
        var key = StoreLayout.ObjectKey(digest);
        for (var pass = 0; ; pass++)
        {
            if (await store.GetLengthAsync(key, cancellationToken).ConfigureAwait(false) is { } length)
                return length;
            if (pass == Passes)
                return null;
            var batches = store.ListFoldersAsync(StoreLayout.Trash, cancellationToken);
            await foreach (var batch in batches.ConfigureAwait(false))
                if (
                    await store
                        .GetLengthAsync(StoreLayout.TrashKey(batch, digest), cancellationToken)
                        .ConfigureAwait(false) is
                    { } trashed
                )
                    return trashed;
        }
    }

    /// <summary>Brings an object back to <c>objects/</c>, unless it is there.</summary>
    /// <returns>Length of the object in bytes; null if it is missing.</returns>
    public static async Task<long?> EnsureAsync(IObjectStore store, Digest digest, CancellationToken cancellationToken)
    {
        var key = StoreLayout.ObjectKey(digest);
        for (var pass = 0; ; pass++)
        {
            if (await store.GetLengthAsync(key, cancellationToken).ConfigureAwait(false) is { } length)
                return length;
            if (pass == Passes)
                return null;
            var batches = store.ListFoldersAsync(StoreLayout.Trash, cancellationToken);
            await foreach (var batch in batches.ConfigureAwait(false))
                if (
                    await TryRestoreAsync(store, StoreLayout.TrashKey(batch, digest), key, cancellationToken)
                        .ConfigureAwait(false)
                )
                    break;
        }
    }

    /// <summary>Brings a condemned object back.</summary>
    /// <returns>False if it is not in the trash any more.</returns>
    /// <remarks>Where a move is not one step, the copy in the trash stays until it is purged: a late deletion by the
    /// clean-up that condemned the object can still remove it from <c>objects/</c>.</remarks>
    public static Task<bool> TryRestoreAsync(
        IObjectStore store,
        string trashed,
        string key,
        CancellationToken cancellationToken
    ) =>
        store.MovesAtomically
            ? store.TryMoveAsync(trashed, key, cancellationToken)
            : store.TryCopyAsync(trashed, key, cancellationToken);
}
