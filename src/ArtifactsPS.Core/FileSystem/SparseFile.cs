using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Writes a new file on Linux, and leaves holes for long runs of zeros. A hole takes no space.</summary>
/// <param name="path">Path for messages.</param>
/// <param name="descriptor">Descriptor of the empty file, open for writing.</param>
internal sealed class SparseFile(string path, int descriptor)
{
    // Smaller holes save little, and split a file into many parts.
    private const int HoleSize = 64 << 10;

    private long _position;
    private bool _endsInHole;

    /// <summary>Writes bytes at the end.</summary>
    public void Write(ArraySegment<byte> bytes)
    {
        var start = bytes.Offset;
        var end = bytes.Offset + bytes.Count;
        // Bytes that wait to be written start here.
        var pending = start;
        while (start < end)
        {
            // Up to the next multiple of the size within the file, so that holes join across calls.
            var length = (int)Math.Min(HoleSize - _position % HoleSize, end - start);
            if (IsZero(bytes.Array.AsSpan(start, length)))
            {
                WriteData(bytes.Array!, pending, start);
                pending = start + length;
                _endsInHole = true;
            }
            else if (_endsInHole)
            {
                LinuxFile.Seek(path, descriptor, _position);
                _endsInHole = false;
            }
            start += length;
            _position += length;
        }
        WriteData(bytes.Array!, pending, end);
    }

    /// <summary>Completes the file.</summary>
    public void Complete()
    {
        if (_endsInHole && ftruncate(descriptor, _position) != 0)
            throw LinuxFile.Failure(path, Marshal.GetLastWin32Error());
    }

    private void WriteData(byte[] bytes, int start, int end)
    {
        if (end > start)
            LinuxFile.Write(path, descriptor, new ArraySegment<byte>(bytes, start, end - start));
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes)
    {
#if NET
        return bytes.IndexOfAnyExcept((byte)0) < 0;
#else
        foreach (var value in bytes)
            if (value != 0)
                return false;
        return true;
#endif
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int ftruncate(int descriptor, long length);
}
