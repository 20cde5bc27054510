using System.Buffers;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Batch of small files that were read and hashed, to be stored together: storing them one at a time costs more than
/// reading them. Not for concurrent callers.</summary>
internal sealed class ReadFiles : IDisposable
{
    private const int MaxCount = 64;
    private const int MaxFileSize = 64 << 10;
    private const int Capacity = 512 << 10;

    // An array: a list of this struct would need JIT compilation at run time.
    private readonly ReadFile[] _files = new ReadFile[MaxCount];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _used;

    public int Count { get; private set; }

    /// <summary>Whether another file may not fit.</summary>
    public bool IsFull => Count == MaxCount || Capacity - _used < MaxFileSize;

    public ReadFile this[int index] => _files[index];

    /// <summary>Reads and hashes a file into the batch, which must not be full. Returns false for a large file, or one of
    /// unknown size.</summary>
    /// <exception cref="FileChangedWhileReadingException">The file was written to while it was read.</exception>
    public bool TryRead(string path)
    {
        using var file = new FileReader(path);
        if (file.IsOfUnknownSize || file.State.Size > MaxFileSize)
            return false;
        var read = file.Read(_buffer, _used, (int)file.State.Size);
        file.CheckUnchanged(read);
        _files[Count++] = new ReadFile(Sha256.Of(_buffer, _used, read), file.State, _buffer.AsMemory(_used, read));
        _used += read;
        return true;
    }

    /// <summary>Removes all files from the batch.</summary>
    public void Clear() => (Count, _used) = (0, 0);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}

/// <summary>File of a batch.</summary>
/// <param name="Digest">Digest of its bytes.</param>
/// <param name="State">State of the file before and after it was read.</param>
/// <param name="Bytes">Content; valid until the batch is cleared.</param>
internal readonly record struct ReadFile(Digest Digest, FileState State, ReadOnlyMemory<byte> Bytes);
