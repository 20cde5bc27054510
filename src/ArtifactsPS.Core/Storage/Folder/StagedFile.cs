using System.Runtime.InteropServices;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Folder;

/// <summary>A value that is written to a <see cref="FolderObjectStore"/>. Its file is on the volume of the store, because it is moved to its
/// key without copying.</summary>
internal sealed class StagedFile : IStagedObject
{
    private const int WriteBackStep = 16 << 20;

    private static readonly bool OnWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private readonly FolderObjectStore _store;
    private readonly StoreFiles _files;
    private FileStream? _file;
    private bool _isPlaced;
    private long _written;
    private long _writtenBack;

    public StagedFile(FolderObjectStore store, StoreFiles files, string key)
    {
        _store = store;
        _files = files;
        Key = key;
        _file = store.Attempt(() => files.Create(key));
    }

    /// <summary>Key of the file until it is committed.</summary>
    public string Key { get; }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = _file ?? throw new ObjectDisposedException(nameof(StagedFile));
        return _store.Attempt(() =>
        {
            file.Write(bytes);
            _written += bytes.Length;
            if (_written - _writtenBack >= WriteBackStep)
            {
                PosixFileSystem.BeginWriteBack(file.SafeFileHandle, _writtenBack, _written - _writtenBack);
                _writtenBack = _written;
            }
            return default(ValueTask);
        });
    }

    public ValueTask<bool> CommitAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<bool>(
            Place(() =>
            {
                if (_files.TryPlace(Key, key))
                    return true;
                return _files.Find(key) is { } found
                    && FolderObjectStore.IsDamaged(key, found.Length, _written)
                    && _files.TryRename(Key, key);
            })
        );
    }

    /// <summary>Replaces a key that may exist. The key is durable when the call returns.</summary>
    public void Replace(string key) => Place(() => _files.TryRename(Key, key));

    public ValueTask DisposeAsync()
    {
        Close();
        if (!_isPlaced)
            _store.Attempt(() =>
            {
                _files.Discard(Key);
                return true;
            });
        _isPlaced = true;
        return default;
    }

    private bool Place(Func<bool> place)
    {
        var file = _file ?? throw new ObjectDisposedException(nameof(StagedFile));
        return _store.Attempt(() =>
        {
            file.Flush(flushToDisk: OnWindows);
            if (!OnWindows)
                PosixFileSystem.Flush(file.SafeFileHandle, file.Name);
            // Windows moves no open file. Elsewhere the open file is locked, so that no clean-up takes it for a dead
            // writer's.
            if (OnWindows)
                Close();
            return place();
        });
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
