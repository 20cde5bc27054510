using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Bytes in a temporary file, which is deleted on disposal.</summary>
/// <param name="location">Location of the store, for messages.</param>
internal sealed class SpooledFile(string location) : IUploadSource, IDisposable
{
    private FileStream? _file;

    /// <summary>Length in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Appends bytes.</summary>
    /// <exception cref="StoreUnavailableException">The temporary folder is full or can't be written.</exception>
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
                "an upload can't be written to the temporary folder "
                    + $"'{Path.GetTempPath()}': {e.Message} Name another folder in the environment variable "
                    + "TMPDIR (on Windows TEMP).",
                e
            );
        }
    }

    /// <summary>Opens a section of the written bytes. Several can be open at once.</summary>
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
