namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Immutable bytes to send. Each attempt opens a stream of its own, because an abandoned attempt may still be
/// reading.</summary>
internal interface IUploadSource
{
    /// <summary>Length in bytes.</summary>
    long Length { get; }

    /// <summary>Opens a section.</summary>
    Stream Open(long offset, long length);
}

/// <summary>Bytes in memory. The caller must not change them.</summary>
internal sealed class MemorySource(byte[] bytes, int length) : IUploadSource
{
    public MemorySource(byte[] bytes)
        : this(bytes, bytes.Length) { }

    public long Length => length;

    public Stream Open(long offset, long length) => new MemoryStream(bytes, (int)offset, (int)length, writable: false);
}
