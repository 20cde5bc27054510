using System.Threading.Channels;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Stores a large file as a separate object in one pass. Reading, hashing and writing run concurrently on successive
/// buffers.
/// </summary>
internal static class LargeObjectWriter
{
    private const int BufferSize = 1 << 20;
    private const int BuffersInFlight = 3;

    /// <summary>Reads, hashes and stores a file.</summary>
    /// <param name="read">Receives the number of bytes of each buffer that was read.</param>
    /// <param name="find">Finds content that is stored in another form.</param>
    /// <returns>The stored content, and whether the store did not have it.</returns>
    /// <exception cref="FileChangedWhileReadingException">The file was modified while it was read. Nothing is
    /// stored.</exception>
    public static async Task<(Blob Blob, bool IsNew)> WriteAsync(
        IObjectStore store,
        ReliedObjects objects,
        FileReader file,
        ContentWriter.FindStored find,
        Action<int> read,
        CancellationToken cancellationToken
    )
    {
        var staged = await store.StageAsync(cancellationToken).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var free = Channel.CreateUnbounded<byte[]>();
            for (var i = 0; i < 2 * BuffersInFlight; i++)
                free.Writer.TryWrite(new byte[BufferSize]);
            var toHash = Channel.CreateBounded<(byte[] Bytes, int Count)>(BuffersInFlight);
            var toWrite = Channel.CreateBounded<(byte[] Bytes, int Count)>(BuffersInFlight);

            var reading = StageOf(
                () => ReadAsync(file, free.Reader, toHash.Writer, read, failed.Token),
                toHash.Writer,
                failed
            );
            var hashing = StageOf(() => HashAsync(toHash.Reader, toWrite.Writer, failed.Token), toWrite.Writer, failed);
            var writing = StageOf(() => WriteAsync(toWrite.Reader, free.Writer, staged, failed.Token), null, failed);
            await FirstFailureAsync(reading, hashing, writing).ConfigureAwait(false);

            var (digest, size) = await hashing.ConfigureAwait(false);
            if (await find(digest, size).ConfigureAwait(false) is { } known)
                return (new Blob(digest, size, known), false);
            var blob = new Blob(digest, size, new BlobLocation(new StoredObject(digest), 0));
            if (await objects.TryAddAsync(digest, size, cancellationToken).ConfigureAwait(false))
                return (blob, false);
            await staged.CommitAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false);
            objects.Add(digest, size);
            return (blob, true);
        }
    }

    // The first stage that fails has the reason and cancels the others.
    private static async Task FirstFailureAsync(params Task[] stages)
    {
        var all = Task.WhenAll(stages);
        try
        {
            await all.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
            when (all.Exception?.InnerExceptions.FirstOrDefault(e => e is not OperationCanceledException) is { } reason)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(reason).Throw();
        }
    }

    private static Task<T> StageOf<T>(
        Func<Task<T>> work,
        ChannelWriter<(byte[], int)>? next,
        CancellationTokenSource failed
    ) =>
        Task.Run(async () =>
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch
            {
                failed.CancelNow();
                throw;
            }
            finally
            {
                next?.TryComplete();
            }
        });

    private static async Task<bool> ReadAsync(
        FileReader file,
        ChannelReader<byte[]> free,
        ChannelWriter<(byte[], int)> output,
        Action<int> progress,
        CancellationToken cancellationToken
    )
    {
        long total = 0;
        while (true)
        {
            var buffer = await free.ReadAsync(cancellationToken).ConfigureAwait(false);
            var count = file.Read(buffer, 0, buffer.Length);
            total += count;
            if (count == 0)
            {
                // Checked before the object is committed.
                file.CheckUnchanged(total);
                return true;
            }
            progress(count);
            await output.WriteAsync((buffer, count), cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<(Digest Digest, long Size)> HashAsync(
        ChannelReader<(byte[] Bytes, int Count)> input,
        ChannelWriter<(byte[], int)> output,
        CancellationToken cancellationToken
    )
    {
        using var hash = new Sha256();
        long size = 0;
        while (await input.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        while (input.TryRead(out var chunk))
        {
            hash.Append(chunk.Bytes, 0, chunk.Count);
            size += chunk.Count;
            await output.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
        }
        return (hash.Finish(), size);
    }

    private static async Task<bool> WriteAsync(
        ChannelReader<(byte[] Bytes, int Count)> input,
        ChannelWriter<byte[]> free,
        IStagedObject staged,
        CancellationToken cancellationToken
    )
    {
        while (await input.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        while (input.TryRead(out var chunk))
        {
            await staged.WriteAsync(chunk.Bytes.AsMemory(0, chunk.Count), cancellationToken).ConfigureAwait(false);
            free.TryWrite(chunk.Bytes);
        }
        return true;
    }
}
