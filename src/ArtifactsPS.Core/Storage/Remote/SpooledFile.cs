using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Bytes in a temporary file, which goes with this.</summary>
/// <param name="location">The store's that they are for, for messages.</param>
internal sealed class SpooledFile(string location) : IUploadSource, IDisposable
{
    private FileStream? _file;

    /// <summary>In bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Appends bytes.</summary>
    /// <exception cref="StoreUnavailableException">There is no room for them.</exception>
    public void Write(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            _file ??= TemporaryFile.Open();
            _file.Write(bytes);
            Length += bytes.Length;
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw new StoreUnavailableException(
                location,
                "what is sent to it is first written to the temporary folder "
                    + $"'{Path.GetTempPath()}', which failed: {e.Message} The environment variable "
                    + "TMPDIR (on Windows TEMP) names another one.",
                e
            );
        }
    }

    /// <summary>Opens some of what was written; several can be open at once.</summary>
    public Stream Open(long offset, long length)
    {
        if (_file is null)
            return new MemoryStream([], writable: false);
        _file.Flush();
        const FileShare Share = FileShare.ReadWrite | FileShare.Delete;
        var file = new FileStream(_file.Name, FileMode.Open, FileAccess.Read, Share, bufferSize: 81920);
        return new FileSection(file, offset, length);
    }

    public void Dispose() => _file?.Dispose();
}
