using System.Buffers;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Reads whole objects, several at once, and holds their bytes against their names.</summary>
/// <param name="store">The store.</param>
/// <param name="progress">Counts objects and bytes.</param>
internal sealed class ObjectHashCheck(IObjectStore store, TransferProgress progress)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Checks objects.</summary>
    /// <param name="objects">Their names and lengths, in bytes.</param>
    /// <param name="damaged">Told of each whose bytes are others; by several threads.</param>
    /// <param name="unreadable">Told of each that the medium doesn't give, likewise.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="StoreUnavailableException">The store can't be read at all.</exception>
    public async Task CheckAsync(
        IReadOnlyCollection<(Digest Digest, long Length)> objects,
        Func<Digest, CancellationToken, Task> damaged,
        Action<Digest, StoreUnavailableException> unreadable,
        CancellationToken cancellationToken
    )
    {
        progress.Expect(objects.Count, objects.Sum(item => item.Length));
        using var hashing = new WorkQueue<Digest>(CheckOneAsync, cancellationToken);
        // The largest first, or the last one would be read by one core while the others have nothing left to do.
        foreach (var (digest, _) in objects.OrderByDescending(item => item.Length))
            await hashing.AddAsync(digest).ConfigureAwait(false);
        await hashing.CompleteAsync().ConfigureAwait(false);

        async Task CheckOneAsync(Digest digest, CancellationToken token)
        {
            try
            {
                if (await IsDamagedAsync(digest, token).ConfigureAwait(false))
                    await damaged(digest, token).ConfigureAwait(false);
            }
            catch (StoreUnavailableException e)
            {
                // Where nothing can be read any more, each of the others would fail, too, after a while.
                (await store.OpenReadAsync(StoreLayout.StoreRecord, 0, 1, token).ConfigureAwait(false))?.Dispose();
                unreadable(digest, e);
            }
            progress.AddFile();
        }
    }

    /// <summary>Whether an object is there and its bytes are others than its name says.</summary>
    public async Task<bool> IsDamagedAsync(Digest digest, CancellationToken cancellationToken) =>
        await HashAsync(digest, cancellationToken).ConfigureAwait(false) is { } actual && actual != digest;

    // Null where it isn't there any more: a clean-up may have taken it.
    private async Task<Digest?> HashAsync(Digest digest, CancellationToken cancellationToken)
    {
        using var stream = await store
            .OpenReadAsync(StoreLayout.ObjectKey(digest), 0, length: null, cancellationToken)
            .ConfigureAwait(false);
        if (stream is null)
            return null;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = new Sha256();
            while (
                await stream.ReadFullyAsync(buffer, 0, BufferSize, cancellationToken).ConfigureAwait(false)
                    is > 0
                        and var read
            )
            {
                hash.Append(buffer, 0, read);
                progress.AddBytes(read);
            }
            return hash.Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
