namespace ArtifactsPS.Core.FileSystem;

/// <summary>Makes open files and folders durable on Unix.</summary>
/// <param name="fsync">Call of fsync(2) for a descriptor. Returns the number of an error; 0 for success.</param>
/// <param name="fullSync">Call that also empties the cache of the disk, which fsync(2) of macOS doesn't; null where fsync(2)
/// does.</param>
/// <param name="isNotSupported">Whether an error says that the file system doesn't have a call at all.</param>
internal sealed class UnixFlush(Func<int, int> fsync, Func<int, int>? fullSync, Func<int, bool> isNotSupported)
{
    private const int Interrupted = 4;

    /// <summary>Flushes an open file or folder. Does nothing if the file system can't.</summary>
    /// <returns>Number of an error; 0 for success.</returns>
    public int Run(int descriptor)
    {
        // Network file systems of macOS lack the stronger call.
        if (fullSync is not null && Repeat(fullSync, descriptor) is var error && !isNotSupported(error))
            return error;
        error = Repeat(fsync, descriptor);
        return isNotSupported(error) ? 0 : error;
    }

    private static int Repeat(Func<int, int> call, int descriptor)
    {
        int error;
        do error = call(descriptor);
        while (error == Interrupted);
        return error;
    }
}
