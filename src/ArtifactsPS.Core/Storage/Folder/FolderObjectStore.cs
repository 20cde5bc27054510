using System.Buffers;
using System.Runtime.CompilerServices;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Folder;

/// <summary>
/// A store in a folder or on a share. A value is staged in <c>staging/</c>, flushed, and moved to its key by the file system,
/// which rejects an existing key. Then the folder is flushed, so that the key survives a power cut.
/// </summary>
public sealed class FolderObjectStore : IObjectStore, IStagingStore, IProbedStore, IFileStore, IStampedStore
{
    private const int CopyBufferSize = 1 << 20;

    private readonly StoreFiles _files;

    /// <param name="folder">The folder. It is created with the first key.</param>
    public FolderObjectStore(string folder)
    {
        Location = Path.GetFullPath(folder);
        _files = StoreFiles.Of(Location);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        if (Attempt(() => _files.Find(key)) is { } found && !IsDamaged(key, found.Length, value.Length))
            return false;
        var staged = Stage();
        await using (staged.ConfigureAwait(false))
        {
            await staged.WriteAsync(value, cancellationToken).ConfigureAwait(false);
            return await staged.CommitAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Attempt(() => OpenRead(key, offset, length)));
    }

    /// <inheritdoc/>
    FileReader? IFileStore.TryOpenFile(string key) => Attempt(() => _files.TryOpenFile(key));

    /// <inheritdoc/>
    KeyStamp? IStampedStore.StampOf(string key) => Attempt(() => _files.StampOf(key));

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) =>
        await GetLengthAsync(key, cancellationToken).ConfigureAwait(false) is not null;

    /// <inheritdoc/>
    public Task<long?> GetLengthAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Attempt(() => _files.Find(key))?.Length);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredKey> ListAsync(
        string prefix,
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var pending = new Stack<string>();
        pending.Push(prefix);
        while (pending.Count > 0)
        {
            var current = pending.Pop();
            cancellationToken.ThrowIfCancellationRequested();
            // A log has thousands of files, of which the last ones are listed.
            var start =
                after is not null && after.StartsWith(current, StringComparison.Ordinal)
                    ? after.Substring(current.Length)
                    : null;
            foreach (var (name, found) in Attempt(() => _files.List(current, name => MayList(name, start))))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var key = current + name;
                if (found is { } file)
                {
                    if (string.CompareOrdinal(key, after) > 0)
                        yield return new StoredKey(key, file.Length, file.Modified);
                }
                else if (key + "/" is var folder && folder != StoreLayout.Staging && MayHaveKeysAfter(folder, after))
                    pending.Push(folder);
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListFoldersAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var name in Attempt(() => _files.ListFolders(prefix)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Attempt(() => _files.Delete(key)));
    }

    /// <inheritdoc/>
    public bool MovesAtomically => true;

    /// <inheritdoc/>
    public async Task<bool> TryMoveAsync(string key, string target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Attempt(() => _files.TryRename(key, target)))
            return false;
        // rename(2) does nothing if both are names of one file. Deleting one of them would not be safe beside an opposite
        // move, so the file is copied.
        return !Attempt(() => _files.AreSame(key, target))
            || (
                await TrySeparateAsync(key, cancellationToken).ConfigureAwait(false)
                && Attempt(() => _files.TryRename(key, target))
            );
    }

    /// <inheritdoc/>
    public async Task<bool> TryCopyAsync(string key, string target, CancellationToken cancellationToken)
    {
        var length = await GetLengthAsync(key, cancellationToken).ConfigureAwait(false);
        if (length is null)
            return false;
        // A link needs no room and no time.
        if (
            await GetLengthAsync(target, cancellationToken).ConfigureAwait(false) == length
            || Attempt(() => _files.TryLink(key, target))
        )
            return true;
        var staged = Stage();
        await using (staged.ConfigureAwait(false))
        {
            if (!await TryReadIntoAsync(key, staged, cancellationToken).ConfigureAwait(false))
                return false;
            await staged.CommitAsync(target, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var staged = Stage();
        await using (staged.ConfigureAwait(false))
            return Attempt(() => _files.Find(staged.Key))?.Modified
                ?? throw new StoreUnavailableException(Location, $"'{staged.Key}' was deleted while it was written.");
    }

    /// <inheritdoc/>
    public Task<IStagedObject> StageAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IStagedObject>(Stage());
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredKey> ListStagedAsync(CancellationToken cancellationToken) =>
        ListAsync(StoreLayout.Staging, after: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> DeleteStagedAsync(string key, CancellationToken cancellationToken) =>
        !Attempt(() => _files.IsInUse(key)) && await DeleteAsync(key, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        var key = $"{StoreLayout.Staging}{Guid.NewGuid():N}";
        try
        {
            var isCreated = await CommitProbeAsync(key, "first"u8.ToArray(), cancellationToken).ConfigureAwait(false);
            var isReplaced = await CommitProbeAsync(key, "second"u8.ToArray(), cancellationToken).ConfigureAwait(false);
            var length = await GetLengthAsync(key, cancellationToken).ConfigureAwait(false);
            if (!isCreated || isReplaced || length != "first".Length)
                throw new StoreNotSupportedException(
                    Location,
                    "its file system overwrites an existing file although it was asked not to.",
                    StoreNotSupportedException.OtherFolder
                );
        }
        finally
        {
            await DeleteAsync(key, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a call of the file system, and translates its failures.</summary>
    internal T Attempt<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, Location);
        }
        catch (NotSupportedException e)
        {
            throw new StoreNotSupportedException(
                Location,
                $"its file system can create a file neither by a hard link nor by a rename that doesn't replace ({e.Message}).",
                StoreNotSupportedException.OtherFolder
            );
        }
    }

    /// <summary>Whether a key is an object that doesn't have the length of its value.</summary>
    internal static bool IsDamaged(string key, long length, long expected) =>
        StoreLayout.IsObject(key) && length != expected;

    // Start: where the listed keys of the folder begin; null for all. A folder may have a key after its own name.
    private static bool MayList(string name, string? start) =>
        start is null
        || string.CompareOrdinal(name, start) >= 0
        || start.Length > name.Length && start.StartsWith(name, StringComparison.Ordinal) && start[name.Length] <= '/';

    private static bool MayHaveKeysAfter(string folder, string? after) =>
        after is null || string.CompareOrdinal(folder, 0, after, 0, folder.Length) >= 0;

    private StagedFile Stage() => new(this, _files, $"{StoreLayout.Staging}{Guid.NewGuid():N}");

    private Stream? OpenRead(string key, long offset, long? length)
    {
        var file = _files.OpenRead(key);
        if (file is null)
            return null;
        if (offset != 0)
            file.Seek(offset, SeekOrigin.Begin);
        return new StoredStream(file, length ?? long.MaxValue, Location);
    }

    private async Task<bool> CommitProbeAsync(string key, byte[] value, CancellationToken cancellationToken)
    {
        var staged = Stage();
        await using (staged.ConfigureAwait(false))
        {
            await staged.WriteAsync(value, cancellationToken).ConfigureAwait(false);
            return await staged.CommitAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    // Replaces a file that has other names by a copy.
    private async Task<bool> TrySeparateAsync(string key, CancellationToken cancellationToken)
    {
        var staged = Stage();
        await using (staged.ConfigureAwait(false))
        {
            if (!await TryReadIntoAsync(key, staged, cancellationToken).ConfigureAwait(false))
                return false;
            staged.Replace(key);
            return true;
        }
    }

    private async Task<bool> TryReadIntoAsync(string key, StagedFile staged, CancellationToken cancellationToken)
    {
        using var source = Attempt(() => OpenRead(key, 0, null));
        if (source is null)
            return false;
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBufferSize);
        try
        {
            int count;
            while ((count = source.Read(buffer, 0, buffer.Length)) > 0)
                await staged.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return true;
    }
}
