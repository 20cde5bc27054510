namespace ArtifactsPS.Core.Concurrency;

/// <summary>Counts files and bytes of a piece of work; written by many threads, read by whoever shows it.</summary>
public sealed class TransferProgress
{
    private long _files;
    private long _bytes;
    private long _totalFiles;
    private long _totalBytes;

    /// <summary>Begins with nothing.</summary>
    public TransferProgress() { }

    /// <summary>Begins with what is done already.</summary>
    public TransferProgress(long files, long bytes) => (_files, _bytes) = (files, bytes);

    /// <summary>What became of the files, where they are added.</summary>
    public ContentTally Tally { get; } = new();

    public long Files => Interlocked.Read(ref _files);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>0 while not known.</summary>
    public long TotalFiles => Interlocked.Read(ref _totalFiles);

    /// <summary>0 while not known.</summary>
    public long TotalBytes => Interlocked.Read(ref _totalBytes);

    public void AddFile() => Interlocked.Increment(ref _files);

    public void AddBytes(long count) => Interlocked.Add(ref _bytes, count);

    /// <summary>Counts a file's bytes that need not be read, since it is as it was.</summary>
    public void AddUnread(long count)
    {
        AddBytes(count);
        Tally.AddUnread();
    }

    public void Expect(long files, long bytes)
    {
        Interlocked.Add(ref _totalFiles, files);
        Interlocked.Add(ref _totalBytes, bytes);
    }
}
