namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Counts the bytes that a writer has added to a store. Safe for concurrent callers.</summary>
public sealed class ContentVolume
{
    private long _newBytes;
    private long _storedBytes;

    /// <summary>Total size in bytes of content that the store did not have, before compression.</summary>
    public long NewBytes => Interlocked.Read(ref _newBytes);

    /// <summary>Total length in bytes of the new content and manifest pages as they are stored.</summary>
    public long StoredBytes => Interlocked.Read(ref _storedBytes);

    internal void AddContent(long size) => Interlocked.Add(ref _newBytes, size);

    internal void AddStored(long length) => Interlocked.Add(ref _storedBytes, length);
}
