namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Bytes to be sent, which stay as they are. Each attempt to send them has a stream of its own: one that was given up
/// may still be reading.</summary>
internal interface IUploadSource
{
    /// <summary>In bytes.</summary>
    long Length { get; }

    /// <summary>Opens some of them, from their beginning.</summary>
    Stream Open(long offset, long length);
}

/// <summary>Bytes in memory, which nobody writes to any more.</summary>
internal sealed class MemorySource(byte[] bytes, int length) : IUploadSource
{
    public MemorySource(byte[] bytes)
        : this(bytes, bytes.Length) { }

    public long Length => length;

    public Stream Open(long offset, long length) => new MemoryStream(bytes, (int)offset, (int)length, writable: false);
}
