namespace ArtifactsPS.Platform;

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

    private static FileStream Open() =>
        new(
            Path.Combine(Path.GetTempPath(), $"artifact-{Guid.NewGuid():N}.tmp"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.Read | FileShare.Delete,
            BufferSize,
            FileOptions.DeleteOnClose
        );
}
