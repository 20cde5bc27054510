namespace ArtifactsPS.Core.FileSystem;

/// <summary>Creates temporary files that only this user may read.</summary>
public static class TemporaryFile
{
    private const int BufferSize = 81920;

    /// <summary>Creates a temporary file and fills it.</summary>
    /// <param name="fill">Writes the pieces with the function it is given. If it throws, no file is left.</param>
    /// <returns>The file, at its start; disposing it deletes it.</returns>
    internal static async Task<Stream> CreateAsync(Func<Func<byte[], int, Task>, Task> fill)
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

    /// <summary>Deletes a closed temporary file. One that another program uses, such as a virus scanner, stays.</summary>
    public static void Delete(string path) => LocalFileSystem.Current.Discard(path);

    /// <summary>Creates an empty temporary file.</summary>
    /// <param name="options">By default, the file is deleted when it is closed.</param>
    public static FileStream Open(FileOptions options = FileOptions.DeleteOnClose)
    {
        var path = Path.Combine(Path.GetTempPath(), $"artifact-{Guid.NewGuid():N}.tmp");
        const FileShare Share = FileShare.Read | FileShare.Delete;
#if NET
        var settings = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = Share,
            BufferSize = BufferSize,
            Options = options,
        };
        // All users share the folder; only this user may read the file.
        if (!OperatingSystem.IsWindows())
            settings.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, settings);
#else
        const FileAccess Access = FileAccess.ReadWrite;
        return new FileStream(path, FileMode.CreateNew, Access, Share, BufferSize, options);
#endif
    }
}
