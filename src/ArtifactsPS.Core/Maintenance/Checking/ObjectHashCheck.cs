using System.Buffers;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Trash;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Reads whole objects in parallel, and compares their hashes with their names.</summary>
/// <param name="progress">Counts objects and bytes.</param>
internal sealed class ObjectHashCheck(IObjectStore store, TransferProgress progress)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Checks objects.</summary>
    /// <param name="objects">Digests and lengths in bytes.</param>
    /// <param name="damaged">Called for each damaged object, in parallel.</param>
    /// <param name="unreadable">Called for each unreadable object, in parallel.</param>
    /// <exception cref="StoreUnavailableException">The whole store is unreadable.</exception>
    public async Task CheckAsync(
        IReadOnlyCollection<(Digest Digest, long Length)> objects,
        Func<Digest, CancellationToken, Task> damaged,
        Action<Digest, StoreUnavailableException> unreadable,
        CancellationToken cancellationToken
    )
    {
        progress.Expect(objects.Count, objects.Sum(item => item.Length));
        using var hashing = new WorkQueue<Digest>(CheckOneAsync, cancellationToken);
        // Largest first, so that no large object is left to a single thread at the end.
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
                // Throws if the whole store is unreadable, rather than failing for each object.
                (await store.OpenReadAsync(StoreLayout.StoreRecord, 0, 1, token).ConfigureAwait(false))?.Dispose();
                unreadable(digest, e);
            }
            progress.AddFile();
        }
    }

    /// <summary>Whether an object exists and its bytes do not match its name.</summary>
    public async Task<bool> IsDamagedAsync(Digest digest, CancellationToken cancellationToken) =>
        await HashAsync(digest, cancellationToken).ConfigureAwait(false) is { } actual && actual != digest;

    // Null if the object is gone: a clean-up may have deleted it.
    private async Task<Digest?> HashAsync(Digest digest, CancellationToken cancellationToken)
    {
        using var stream = await TrashedObjects
            .OpenReadAsync(store, digest, 0, length: null, cancellationToken)
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
