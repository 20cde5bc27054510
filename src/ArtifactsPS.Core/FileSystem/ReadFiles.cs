using System.Buffers;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Small files that were read and hashed and are stored together: one by one, storing them costs more than reading
/// them does. Not for concurrent callers.</summary>
internal sealed class ReadFiles : IDisposable
{
    private const int MaxCount = 64;
    private const int MaxFileSize = 64 << 10;
    private const int Capacity = 512 << 10;

    // An array, since a list of these would be compiled while the program runs.
    private readonly ReadFile[] _files = new ReadFile[MaxCount];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _used;

    public int Count { get; private set; }

    /// <summary>Whether there may be no room for another file.</summary>
    public bool IsFull => Count == MaxCount || Capacity - _used < MaxFileSize;

    public ReadFile this[int index] => _files[index];

    /// <summary>Reads a file and hashes it, unless it is a large one, or only reading it tells how large it is. There must be
    /// room.</summary>
    /// <exception cref="FileChangedWhileReadingException">It was written to meanwhile.</exception>
    public bool TryRead(string path)
    {
        using var file = new FileReader(path);
        if (file.IsOfUntoldSize || file.State.Size > MaxFileSize)
            return false;
        var read = file.Read(_buffer, _used, (int)file.State.Size);
        file.CheckUnchanged(read);
        _files[Count++] = new ReadFile(Sha256.Of(_buffer, _used, read), file.State, _buffer.AsMemory(_used, read));
        _used += read;
        return true;
    }

    /// <summary>Makes room.</summary>
    public void Clear() => (Count, _used) = (0, 0);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}

/// <summary>A file that was read.</summary>
/// <param name="Digest">Of its bytes.</param>
/// <param name="State">Its state before and after it was read.</param>
/// <param name="Bytes">What it holds.</param>
internal readonly record struct ReadFile(Digest Digest, FileState State, ReadOnlyMemory<byte> Bytes);
