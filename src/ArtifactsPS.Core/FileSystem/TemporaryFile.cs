namespace ArtifactsPS.Core.FileSystem;

/// <summary>Files that are there only as long as they are open.</summary>
internal static class TemporaryFile
{
    private const int BufferSize = 81920;

    /// <summary>Makes such a file and fills it.</summary>
    /// <param name="fill">Given what to call with each piece; if it throws, nothing is left.</param>
    /// <returns>The file at its beginning; it goes when it is disposed.</returns>
    public static async Task<Stream> MakeAsync(Func<Func<byte[], int, Task>, Task> fill)
    {
        var file = Open();
        try
        {
            await fill((bytes, count) => file.WriteAsync(bytes, 0, count)).ConfigureAwait(false);
            file.Position = 0;
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Makes such a file, empty.</summary>
    public static FileStream Open()
    {
        var path = Path.Combine(Path.GetTempPath(), $"artifact-{Guid.NewGuid():N}.tmp");
        const FileShare Share = FileShare.Read | FileShare.Delete;
#if NET
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = Share,
            BufferSize = BufferSize,
            Options = FileOptions.DeleteOnClose,
        };
        // The folder is everyone's; what is in the file need not be.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
#else
        const FileAccess Access = FileAccess.ReadWrite;
        return new FileStream(path, FileMode.CreateNew, Access, Share, BufferSize, FileOptions.DeleteOnClose);
#endif
    }
}
