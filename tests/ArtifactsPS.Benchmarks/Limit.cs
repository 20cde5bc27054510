using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks;

/// <summary>
/// Lower bound for publishing: reads all files of a folder, hashes each with SHA-256, and writes the same bytes, on all cores.
/// The output has no names and no structure, and is flushed to the disk as a published version is. Files are opened by system
/// call, because .NET makes twice as many calls for each file.
/// </summary>
/// <param name="folder">Folder to read.</param>
/// <param name="target">Folder that receives one file per core; null to read and hash only.</param>
internal sealed partial class Limit(string folder, string? target)
{
    private const int BufferSize = 1 << 20;
    private const int BuffersInFlight = 4;
    private const int FilesWaiting = 4096;
    private const int CloseOnExec = 0x80000;

    private long _bytes;

    /// <returns>Number of bytes read.</returns>
    public long Run()
    {
        using var files = new BlockingCollection<string>(FilesWaiting);
        var workers = Enumerable
            .Range(0, Environment.ProcessorCount)
            .Select(index => Task.Factory.StartNew(() => Work(files, index), TaskCreationOptions.LongRunning))
            .ToArray();
        try
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                files.Add(file);
        }
        finally
        {
            files.CompleteAdding();
        }
        Task.WaitAll(workers);
        return _bytes;
    }

    private void Work(BlockingCollection<string> files, int index)
    {
        using var output = target is null ? null : new Output(Path.Combine(target, $"bytes-{index}"));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var digest = new byte[SHA256.HashSizeInBytes];
        var spare = new byte[BufferSize];
        long total = 0;
        foreach (var path in files.GetConsumingEnumerable())
        {
            var file = open(Encoding.UTF8.GetBytes(path + "\0"), CloseOnExec);
            Check(file, path);
            while (true)
            {
                var buffer = output?.FreeSpace ?? spare.AsMemory();
                var count = Check(read(file, ref MemoryMarshal.GetReference(buffer.Span), buffer.Length), path);
                if (count == 0)
                    break;
                hash.AppendData(buffer.Span[..(int)count]);
                output?.Advance((int)count);
                total += count;
            }
            hash.GetHashAndReset(digest);
            _ = close(file);
        }
        Interlocked.Add(ref _bytes, total);
    }

    private static long Check(long result, string path) =>
        result >= 0 ? result : throw new IOException($"{path}: {new Win32Exception().Message}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte[] path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int file, ref byte buffer, nint count);

    [LibraryImport("libc")]
    private static partial int close(int file);

    /// <summary>A file written in large blocks by its own task, so that hashing continues meanwhile.</summary>
    private sealed class Output : IDisposable
    {
        private readonly BlockingCollection<byte[]> _free = [];
        private readonly BlockingCollection<(byte[] Bytes, int Count)> _full = [];
        private readonly Task _writing;
        private byte[] _buffer;
        private int _used;

        public Output(string path)
        {
            for (var i = 0; i < BuffersInFlight; i++)
                _free.Add(new byte[BufferSize]);
            _buffer = _free.Take();
            _writing = Task.Factory.StartNew(() => Write(path), TaskCreationOptions.LongRunning);
        }

        public Memory<byte> FreeSpace => _buffer.AsMemory(_used);

        public void Advance(int count)
        {
            _used += count;
            if (_used == _buffer.Length)
                QueueBuffer(_free.Take());
        }

        public void Dispose()
        {
            QueueBuffer([]);
            _full.CompleteAdding();
            _writing.Wait();
            _full.Dispose();
            _free.Dispose();
        }

        private void QueueBuffer(byte[] next)
        {
            _full.Add((_buffer, _used));
            (_buffer, _used) = (next, 0);
        }

        private void Write(string path)
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            foreach (var (bytes, count) in _full.GetConsumingEnumerable())
            {
                file.Write(bytes, 0, count);
                _free.Add(bytes);
            }
            file.Flush(flushToDisk: true);
        }
    }
}
