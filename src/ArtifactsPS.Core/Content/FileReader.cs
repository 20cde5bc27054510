namespace ArtifactsPS.Content;

/// <summary>Reads files from beginning to end, in large pieces.</summary>
internal sealed class FileReader : IDisposable
{
#if NET
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file;
    private long _position;

    public FileReader(string path) =>
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>How many bytes were read.</returns>
    public int Read(byte[] buffer, int offset, int count)
    {
        var total = 0;
        while (total < count)
        {
            var read = RandomAccess.Read(_file, buffer.AsSpan(offset + total, count - total), _position);
            if (read == 0)
                break;
            total += read;
            _position += read;
        }
        return total;
    }
#else
    private readonly FileStream _file;

    public FileReader(string path) =>
        _file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 1
        );

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>How many bytes were read.</returns>
    public int Read(byte[] buffer, int offset, int count) => _file.ReadFully(buffer, offset, count);
#endif

    public void Dispose() => _file.Dispose();
}
