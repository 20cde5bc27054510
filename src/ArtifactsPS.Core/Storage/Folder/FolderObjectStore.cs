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

    private readonly string _folder = Path.GetFullPath(folder);

    /// <inheritdoc/>
    public string Location => _folder;

    /// <inheritdoc/>
    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        if (File.Exists(PathOf(key)))
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
    public async IAsyncEnumerable<StoredKey> ListAsync(
        string prefix,
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
                    if (current.Length > 0 || item.Name != StoreLayout.StagingName)
                        pending.Push(current + item.Name + "/");
                }
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
        ListAsync(StoreLayout.Staging, cancellationToken);

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
