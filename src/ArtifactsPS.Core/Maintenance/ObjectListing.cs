using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance;

/// <summary>Lists all objects of a store, in no order. The folders of a large store are listed in parallel: a service returns its
/// keys page by page.</summary>
internal static class ObjectListing
{
    private const int FewKeys = 10_000;

    /// <param name="parallelFrom">Number of objects from which folders are listed in parallel.</param>
    public static async IAsyncEnumerable<StoredKey> ListAsync(
        IObjectStore store,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        int parallelFrom = FewKeys
    )
    {
        var few = new List<StoredKey>();
        await foreach (var key in store.ListAsync(StoreLayout.Objects, cancellationToken).ConfigureAwait(false))
        {
            few.Add(key);
            if (few.Count >= parallelFrom)
                break;
        }
        if (few.Count < parallelFrom)
        {
            foreach (var key in few)
                yield return key;
            yield break;
        }
        few = [];
        await foreach (var key in ListFoldersAsync(store, cancellationToken).ConfigureAwait(false))
            yield return key;
    }

    private static async IAsyncEnumerable<StoredKey> ListFoldersAsync(
        IObjectStore store,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var keys = Channel.CreateBounded<StoredKey>(new BoundedChannelOptions(FewKeys) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listing = Task.Run(() => FillAsync(stop.Token), CancellationToken.None);
        try
        {
            while (await keys.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            while (keys.Reader.TryRead(out var key))
                yield return key;
        }
        finally
        {
            stop.CancelNow();
            await listing.ConfigureAwait(false);
        }

        // Never fails: the reader of the channel gets the failure.
        async Task FillAsync(CancellationToken token)
        {
            try
            {
                using var queue = new WorkQueue<string>(ListOneAsync, token, itemsAtOnce: 1);
                var folders = store.ListFoldersAsync(StoreLayout.Objects, token);
                await foreach (var folder in folders.ConfigureAwait(false))
                    await queue.AddAsync(StoreLayout.Objects + folder + "/").ConfigureAwait(false);
                await queue.CompleteAsync().ConfigureAwait(false);
                keys.Writer.Complete();
            }
            catch (Exception e)
            {
                keys.Writer.Complete(e);
            }
        }

        async Task ListOneAsync(string folder, CancellationToken token)
        {
            await foreach (var key in store.ListAsync(folder, token).ConfigureAwait(false))
                await keys.Writer.WriteAsync(key, token).ConfigureAwait(false);
        }
    }
}
