using System.Runtime.InteropServices;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Folder;

/// <summary>A value that is written to a <see cref="FolderObjectStore"/>. Its file is on the volume of the store, because it is moved to its
/// key without copying.</summary>
internal sealed class StagedFile(FolderObjectStore store, string path) : IStagedObject
{
    private const int WriteBackStep = 16 << 20;

    // The file disappears with its handle, so a dropped draft leaves nothing. Not on Windows, where such a file can't be
    // moved.
    private static readonly FileOptions Options = RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        ? FileOptions.None
        : FileOptions.DeleteOnClose;

    private FileStream? _file = new(
        path,
        FileMode.CreateNew,
        FileAccess.Write,
        FileShare.Read | FileShare.Delete,
        bufferSize: 1,
        Options
    );
    private long _written;
    private long _writtenBack;

    /// <summary>Time of the last write, by the clock of the file system.</summary>
    public DateTimeOffset Modified => new(File.GetLastWriteTimeUtc(path));

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = _file ?? throw new ObjectDisposedException(nameof(StagedFile));
        try
        {
            file.Write(bytes);
            _written += bytes.Length;
            if (_written - _writtenBack >= WriteBackStep)
            {
                PosixFileSystem.BeginWriteBack(file.SafeFileHandle, _writtenBack, _written - _writtenBack);
                _writtenBack = _written;
            }
            return default;
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, store.Location);
        }
    }

    public ValueTask<bool> CommitAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<bool>(
            Place(() =>
            {
                if (store.TryPlace(path, key))
                    return true;
                if (!store.IsDamaged(key, _written))
                    return false;
                store.Replace(path, key);
                return true;
            })
        );
    }

    /// <summary>Replaces a key that may exist. The key is durable when the call returns.</summary>
    public void Replace(string key) =>
        Place(() =>
        {
            store.Replace(path, key);
            return true;
        });

    private bool Place(Func<bool> place)
    {
        var file = _file ?? throw new ObjectDisposedException(nameof(StagedFile));
        try
        {
            Flush(file);
            MakeReadOnly();
            if (Options == FileOptions.None)
                Close();
            var placed = place();
            Close();
            return placed;
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw StoreFailure.From(e, store.Location);
        }
    }

    public ValueTask DisposeAsync()
    {
        Close();
        if (Options == FileOptions.None && File.Exists(path))
        {
            File.SetAttributes(path, FileAttributes.Normal);
            File.Delete(path);
        }
        return default;
    }

    private void Flush(FileStream file)
    {
        var onWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        file.Flush(flushToDisk: onWindows);
        if (!onWindows)
            PosixFileSystem.Flush(file.SafeFileHandle, path);
    }

    private void MakeReadOnly() => File.SetAttributes(path, FileAttributes.ReadOnly);

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
