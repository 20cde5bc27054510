using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Folder;

/// <summary>
/// A store in a folder or on a share. A value is staged in <c>staging/</c>, flushed, and moved to its key by the file system,
/// which rejects an existing key. Then the folder is flushed, so that the key survives a power cut.
/// </summary>
public sealed class FolderObjectStore(string folder) : IObjectStore, IStagingStore
{
    private static readonly bool OnWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private const int CopyBufferSize = 1 << 20;

    private readonly string _folder = Path.GetFullPath(folder);

    /// <inheritdoc/>
    public string Location => _folder;

    /// <inheritdoc/>
    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        if (File.Exists(PathOf(key)) && !IsDamaged(key, value.Length))
            return false;
        var staged = await StageAsync(cancellationToken).ConfigureAwait(false);
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
        // Missing keys are frequent: a log is read up to the first missing record. An exception would be slow.
        if (LinuxFile.IsMissing(PathOf(key)))
            return Task.FromResult<Stream?>(null);
        try
        {
            // Callers read large blocks, which a buffer would only copy.
            var file = new FileStream(
                PathOf(key),
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 1
            );
            if (offset != 0)
                file.Seek(offset, SeekOrigin.Begin);
            return Task.FromResult<Stream?>(new StoredStream(file, length ?? long.MaxValue, Location));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, Location);
        }
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // Unlike File.Exists, reports attributes that can't be read.
            return Task.FromResult((File.GetAttributes(PathOf(key)) & FileAttributes.Directory) == 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult(false);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, Location);
        }
    }

    /// <inheritdoc/>
    public Task<long?> GetLengthAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var file = new FileInfo(PathOf(key));
            return Task.FromResult<long?>(file.Exists ? file.Length : null);
        }
        catch (FileNotFoundException)
        {
            return Task.FromResult<long?>(null);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, Location);
        }
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
            foreach (var item in Children(current))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (item is DirectoryInfo)
                {
                    var below = current + item.Name + "/";
                    if (below != StoreLayout.Staging && MayHaveKeysAfter(below, after))
                        pending.Push(below);
                }
                else if (string.CompareOrdinal(current + item.Name, after) <= 0)
                    continue;
                else if (Stat((FileInfo)item) is var (length, modified))
                    yield return new StoredKey(current + item.Name, length, modified);
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
        foreach (var item in Children(prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (item is DirectoryInfo)
                yield return item.Name;
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = PathOf(key);
        try
        {
            if (!File.Exists(path))
                return Task.FromResult(false);
            if (OnWindows)
                File.SetAttributes(path, FileAttributes.Normal);
            File.Delete(path);
            return Task.FromResult(true);
        }
        catch (DirectoryNotFoundException)
        {
            return Task.FromResult(false);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, Location);
        }
    }

    /// <inheritdoc/>
    public bool MovesAtomically => true;

    /// <inheritdoc/>
    public async Task<bool> TryMoveAsync(string key, string target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (from, to) = (PathOf(key), PathOf(target));
        try
        {
            if (!File.Exists(from))
                return false;
            CreateFolder(Path.GetDirectoryName(to)!);
            if (OnWindows)
                return WindowsFile.TryMove(from, to);
            if (!TryRename(from, to))
                return false;
            // rename(2) does nothing if both are names of one file. Deleting one of them would not be safe beside an opposite
            // move, so the file is copied.
            if (File.Exists(from) && LinuxFile.AreSame(from, to))
                return await TrySeparateAsync(key, cancellationToken).ConfigureAwait(false) && TryRename(from, to);
            return true;
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, Location);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> TryCopyAsync(string key, string target, CancellationToken cancellationToken)
    {
        var length = await GetLengthAsync(key, cancellationToken).ConfigureAwait(false);
        if (length is null)
            return false;
        return await GetLengthAsync(target, cancellationToken).ConfigureAwait(false) == length
            || TryLink(key, target)
            || await CopyBytesAsync(key, target, cancellationToken).ConfigureAwait(false);
    }

    // A link needs no room and no time.
    private bool TryLink(string key, string target)
    {
        if (OnWindows)
            return false;
        try
        {
            var parent = Path.GetDirectoryName(PathOf(target))!;
            CreateFolder(parent);
            if (!PosixFileSystem.TryLink(PathOf(key), PathOf(target)))
                return false;
            PosixFileSystem.FlushFolder(parent);
            return true;
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, Location);
        }
    }

    private async Task<bool> CopyBytesAsync(string key, string target, CancellationToken cancellationToken)
    {
        var staged = await StageAsync(cancellationToken).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            if (!await TryReadIntoAsync(key, staged, cancellationToken).ConfigureAwait(false))
                return false;
            await staged.CommitAsync(target, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    // Replaces a file that has other names by a copy.
    private async Task<bool> TrySeparateAsync(string key, CancellationToken cancellationToken)
    {
        var staged = await StageAsync(cancellationToken).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            if (!await TryReadIntoAsync(key, staged, cancellationToken).ConfigureAwait(false))
                return false;
            ((StagedFile)staged).Replace(key);
            return true;
        }
    }

    private async Task<bool> TryReadIntoAsync(string key, IStagedObject staged, CancellationToken cancellationToken)
    {
        using var source = await OpenReadAsync(key, 0, null, cancellationToken).ConfigureAwait(false);
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

    /// <inheritdoc/>
    public async Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken)
    {
        var staged = await StageAsync(cancellationToken).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
            return ((StagedFile)staged).Modified;
    }

    /// <inheritdoc/>
    public Task<bool> TouchAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            SetTime(PathOf(key), DateTime.UtcNow);
            return Task.FromResult(true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult(false);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, Location);
        }
    }

    /// <inheritdoc/>
    public Task<IStagedObject> StageAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var staging = Path.Combine(_folder, StoreLayout.StagingName);
            Directory.CreateDirectory(staging);
            return Task.FromResult<IStagedObject>(
                new StagedFile(this, Path.Combine(staging, Guid.NewGuid().ToString("N")))
            );
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, Location);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredKey> ListStagedAsync(CancellationToken cancellationToken) =>
        ListAsync(StoreLayout.Staging, after: null, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteStagedAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            // A live writer shares its file for reading only, on Unix with a lock.
            using var file = new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(false);
        }
        return DeleteAsync(key, cancellationToken);
    }

    /// <summary>Moves a staged file to its key, unless the key exists, and makes the name durable.</summary>
    internal bool TryPlace(string staged, string key)
    {
        var target = PathOf(key);
        CreateFolder(Path.GetDirectoryName(target)!);
        if (OnWindows)
            return TryMove(staged, target);
        if (!PosixFileSystem.TryPlace(staged, target))
            return false;
        PosixFileSystem.FlushFolder(Path.GetDirectoryName(target)!);
        return true;
    }

    /// <summary>Moves a staged file to a key that may exist, and makes the name durable.</summary>
    internal void Replace(string staged, string key)
    {
        var target = PathOf(key);
        CreateFolder(Path.GetDirectoryName(target)!);
        if (OnWindows)
            _ = WindowsFile.TryMove(staged, target);
        else
            _ = TryRename(staged, target);
    }

    /// <summary>Whether a key is an object that doesn't have the length of its value.</summary>
    internal bool IsDamaged(string key, long length) =>
        StoreLayout.IsObject(key) && new FileInfo(PathOf(key)) is { Exists: true } file && file.Length != length;

    // On Windows File.Move is MoveFileEx without MOVEFILE_REPLACE_EXISTING, which is atomic.
    private static bool TryMove(string staged, string target)
    {
        try
        {
            File.Move(staged, target);
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
    }

    // rename(2) replaces an existing target in one step.
    private static bool TryRename(string from, string to)
    {
        if (!PosixFileSystem.TryRename(from, to))
            return false;
        PosixFileSystem.FlushFolder(Path.GetDirectoryName(to)!);
        PosixFileSystem.FlushFolder(Path.GetDirectoryName(from)!);
        return true;
    }

    private static bool MayHaveKeysAfter(string folder, string? after) =>
        after is null || string.CompareOrdinal(folder, 0, after, 0, folder.Length) >= 0;

    private void CreateFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        var parent = Path.GetDirectoryName(path);
        if (parent is { Length: > 0 } && path.Length > _folder.Length)
            CreateFolder(parent);
        Directory.CreateDirectory(path);
        if (!OnWindows && parent is not null)
            PosixFileSystem.FlushFolder(parent);
    }

    private IEnumerable<FileSystemInfo> Children(string prefix)
    {
        if (LinuxFile.IsMissing(PathOf(prefix)))
            return [];
        try
        {
            return new DirectoryInfo(PathOf(prefix)).EnumerateFileSystemInfos();
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, Location);
        }
    }

    // .NET Framework opens the file for writing to set its time, which fails for a read-only file.
    private static void SetTime(string path, DateTime time)
    {
        if (OnWindows)
            File.SetAttributes(path, FileAttributes.Normal);
        File.SetLastWriteTimeUtc(path, time);
        if (OnWindows)
            File.SetAttributes(path, FileAttributes.ReadOnly);
    }

    // The file may be deleted after it was listed.
    private static (long Length, DateTimeOffset Modified)? Stat(FileInfo file)
    {
        try
        {
            return (file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private string PathOf(string key) =>
        Path.Combine(_folder, OnWindows ? key.Replace('/', Path.DirectorySeparatorChar) : key);
}
