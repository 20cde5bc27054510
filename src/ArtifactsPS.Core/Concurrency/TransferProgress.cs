namespace ArtifactsPS.Core.Concurrency;

/// <summary>Progress of an operation in files and bytes. Safe for concurrent callers.</summary>
public sealed class TransferProgress
{
    private long _files;
    private long _bytes;
    private long _totalFiles;
    private long _totalBytes;

    public TransferProgress() { }

    /// <summary>Starts with files and bytes of earlier work.</summary>
    public TransferProgress(long files, long bytes) => (_files, _bytes) = (files, bytes);

    /// <summary>Counts of added files by how they were stored.</summary>
    public ContentTally Tally { get; } = new();

    public long Files => Interlocked.Read(ref _files);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Expected number of files; 0 while unknown.</summary>
    public long TotalFiles => Interlocked.Read(ref _totalFiles);

    /// <summary>Expected number of bytes; 0 while unknown.</summary>
    public long TotalBytes => Interlocked.Read(ref _totalBytes);

    public void AddFile() => Interlocked.Increment(ref _files);

    public void AddBytes(long count) => Interlocked.Add(ref _bytes, count);

    /// <summary>Counts the bytes of an unchanged file that was not read.</summary>
    public void AddUnread(long count)
    {
        AddBytes(count);
        Tally.AddUnread();
    }

    /// <summary>Sets the expected number of files and bytes; 0 for unknown.</summary>
    public void SetTotal(long files, long bytes)
    {
        Interlocked.Exchange(ref _totalFiles, files);
        Interlocked.Exchange(ref _totalBytes, bytes);
    }

    /// <summary>Adds files and bytes to those expected.</summary>
    public void Expect(long files, long bytes)
    {
        Interlocked.Add(ref _totalFiles, files);
        Interlocked.Add(ref _totalBytes, bytes);
    }
}
